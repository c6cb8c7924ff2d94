"""Third act: logbooks are kept and judged, some students leave, a group is suspended."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from kentongan.demo.acts.placing import PERIOD_BEGAN_DAYS_AGO, Cohort, enrolments, placed
from kentongan.demo.acts.world import Group, World
from kentongan.demo.clients.service_client import Accepted
from kentongan.demo.clients.waiting import until
from kentongan.demo.summary import Text

CATEGORIES = {
    "publikasi": "Menulis dan menerbitkan profil UMKM di akun KIM.",
    "pelatihan": "Melatih anggota KIM memotret produk dengan ponsel.",
    "pendampingan-umkm": "Mendampingi pelaku usaha mendaftar di lokapasar.",
    "dokumentasi": "Mendokumentasikan kegiatan warga di balai kelurahan.",
    "sosialisasi": "Menjelaskan cara memeriksa kabar bohong kepada warga.",
}
MINUTES = (30, 45, 60, 90, 120, 150, 180, 240)
MOST_ENTRIES = 3
REJECTED, LEFT_PENDING = 0.06, 0.1
"""Shares of the entries that a group denies, and that it has not judged yet."""
COMMENTED = 0.05
WITHDRAWING = 0.03
"""Share of the students who leave."""
MORNING_UTC = time(2, tzinfo=UTC)
"""Nine in the morning in western Indonesia."""


async def keep_logbooks(world: World, cohort: Cohort) -> None:
    """Students write down what they did; groups verify, reject or have not come to it yet."""
    students = placed(await enrolments(world, cohort))
    written = await world.each(
        Text("Mahasiswa menulis, KIM memeriksa buku kegiatan", "Logbooks are written and verified"),
        students,
        lambda student: _keep(world, student),
    )
    await _try_outside_period(world, students[: max(1, len(students) // 50)])
    supervised = [one for entries in written for one in entries]
    random = world.random("comments")
    chosen = random.sample(supervised, max(1, round(len(supervised) * COMMENTED)))
    await world.each(
        Text("Dosen pembimbing berkomentar", "Supervisors comment"),
        chosen,
        lambda entry: _comment(world, *entry),
    )


async def let_some_leave(world: World, cohort: Cohort) -> None:
    """A few students withdraw through their campus."""
    students = placed(await enrolments(world, cohort))
    count = max(1, round(len(students) * WITHDRAWING))
    leaving = world.random("leaving").sample(students, count)

    async def leave(student: Mapping[str, Any]) -> Accepted:
        campus = world.placement.acting_as(world.tokens.campus(student["university_id"]))
        return await campus.command(
            "enrolment.withdraw",
            "POST",
            f"/v1/enrolments/{student['id']}/withdrawal",
            {"reason": "Mengundurkan diri dengan persetujuan kampus."},
            aggregate=student["id"],
            publishes="AssignmentWithdrawn",
        )

    await world.each(Text("Beberapa mahasiswa mundur", "Some students withdraw"), leaving, leave)


async def suspend_a_group(world: World, cohort: Cohort) -> tuple[Group, int]:
    """Suspend a group that has students, and wait until placement has flagged them by itself."""
    students = Counter(
        one["assignment"]["kim_id"] for one in placed(await enrolments(world, cohort))
    )
    kim_id = max(sorted(students), key=lambda key: students[key])
    group = world.groups[kim_id]
    diskominfo = world.registry.acting_as(world.tokens.diskominfo())

    async def suspend(_: int) -> int:
        accepted = await diskominfo.command(
            "kim.suspend",
            "POST",
            f"/v1/kims/{kim_id}/suspension",
            {"reason": "Pengurus tidak aktif; menunggu musyawarah kelurahan."},
            aggregate=kim_id,
            publishes="KimSuspended",
        )
        group.version = accepted.version

        async def all_flagged() -> int | None:
            found = await enrolments(world, cohort)
            flagged = [one for one in found if one["status"] == "flagged"]
            return len(flagged) if len(flagged) == students[kim_id] else None

        flagged, _seconds = await until(all_flagged, seconds=30, what="the flagged assignments")
        return flagged

    text = Text(
        "Satu KIM dibekukan; mahasiswanya ditandai", "A group is suspended, students flagged"
    )
    return group, (await world.each(text, (1,), suspend))[0]


async def _keep(world: World, student: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The entries of one student, as (activity id, university id)."""
    random = world.random(f"logbook:{student['student_number']}")
    writer = world.placement.acting_as(
        world.tokens.student(student["id"], student["university_id"])
    )
    kim_id = student["assignment"]["kim_id"]
    board = world.placement.acting_as(
        world.tokens.kim(kim_id, student["assignment"]["region_code"])
    )
    entries: list[tuple[str, str]] = []
    days = random.sample(range(1, PERIOD_BEGAN_DAYS_AGO), random.randint(1, MOST_ENTRIES))
    for days_ago in sorted(days, reverse=True):
        category = random.choice(tuple(CATEGORIES))
        logged = await writer.command(
            "activity.log",
            "POST",
            f"/v1/enrolments/{student['id']}/activities",
            _entry(world, days_ago, random.choice(MINUTES), category),
        )
        entries.append((logged.id, student["university_id"]))
        fate = random.random()
        if fate < REJECTED:
            await board.command(
                "activity.reject",
                "POST",
                f"/v1/activities/{logged.id}/rejection",
                {"reason": "Tidak dilakukan bersama KIM."},
                aggregate=logged.id,
            )
        elif fate > REJECTED + LEFT_PENDING:
            await board.command(
                "activity.verify",
                "POST",
                f"/v1/activities/{logged.id}/verification",
                aggregate=logged.id,
                publishes="ActivityVerified",
            )
    return entries


async def _try_outside_period(world: World, students: list[Mapping[str, Any]]) -> None:
    afterwards = Text("Catatan itu tidak disimpan.", "The entry was not stored.")
    for student in students:
        writer = world.placement.acting_as(
            world.tokens.student(student["id"], student["university_id"])
        )
        attempt = writer.command(
            "activity.log",
            "POST",
            f"/v1/enrolments/{student['id']}/activities",
            _entry(world, PERIOD_BEGAN_DAYS_AGO + 6, 60, "publikasi"),
        )
        await world.must_refuse("placement", "activity-outside-period", attempt, afterwards)


async def _comment(world: World, activity_id: str, university_id: str) -> Accepted:
    supervisor = world.placement.acting_as(world.tokens.supervisor(university_id))
    return await supervisor.command(
        "activity.comment",
        "POST",
        f"/v1/activities/{activity_id}/comment",
        {"text": "Lengkapi dengan tautan hasil publikasinya."},
        aggregate=activity_id,
    )


def _entry(world: World, days_ago: int, minutes: int, category: str) -> dict[str, Any]:
    day = world.today - timedelta(days=days_ago)
    return {
        "started_at": datetime.combine(day, MORNING_UTC).isoformat(),
        "minutes": minutes,
        "category": category,
        "text": CATEGORIES[category],
    }
