"""Second act: universities, a cohort, the file that enrols it, the briefing, and the first plan."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Any

from kentongan.demo.acts.world import SeasonDeviated, World
from kentongan.demo.city.cohort import UNIVERSITIES, EnrolmentFile, University, draw_file, quotas
from kentongan.demo.clients.service_client import Accepted
from kentongan.demo.clients.waiting import until
from kentongan.demo.consistency.journal import Expectation
from kentongan.demo.summary import ImportFigures, PlanFigures, RejectedLine, Text

PERIOD_BEGAN_DAYS_AGO, PERIOD_DAYS, BRIEFED_DAYS_AGO = 14, 61, 17
"""About two months of placement, three days after the briefing [S0]."""
USUAL_CAPACITY = 3
PLAN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A confirmed plan: what it was as proposed, and the figures of it."""

    lines: tuple[Mapping[str, Any], ...]
    figures: PlanFigures


@dataclass(slots=True)
class Cohort:
    """The cohort, as its client remembers it."""

    id: str
    period_start: date
    period_end: date
    quotas: Mapping[str, int]
    enrolment: ImportFigures | None = None
    plans: list[Plan] = field(default_factory=list)


async def open_cohort(world: World) -> Cohort:
    """Universities take part, and Diskominfo opens a cohort with their quotas."""
    diskominfo = world.placement.acting_as(world.tokens.diskominfo())

    async def add(university: University) -> Accepted:
        return await diskominfo.command(
            "university.add",
            "POST",
            "/v1/universities",
            {"id": university.id, "name": university.name, "aliases": list(university.aliases)},
        )

    await world.each(
        Text("Tujuh universitas ikut serta", "Seven universities take part"), UNIVERSITIES, add
    )
    shares = quotas(world.students)
    start = world.today - timedelta(days=PERIOD_BEGAN_DAYS_AGO)
    end = start + timedelta(days=PERIOD_DAYS)
    opened = await diskominfo.command(
        "cohort.open",
        "POST",
        "/v1/cohorts",
        {
            "name": f"Pendampingan KIM {start.year}",
            "kind": "kkn",
            "region_code": world.city.code,
            "period_start": start.isoformat(),
            "period_end": end.isoformat(),
            "briefing_date": (world.today - timedelta(days=BRIEFED_DAYS_AGO)).isoformat(),
            "quotas": [{"university_id": key, "students": value} for key, value in shares.items()],
            "capacity_per_kim": max(USUAL_CAPACITY, 1 + ceil(world.students / len(world.groups))),
        },
    )
    return Cohort(opened.id, start, end, shares)


async def enrol_from_file(world: World, cohort: Cohort) -> None:
    """The file is sent, and then once more: the second time must change nothing."""
    file = draw_file(seed=world.seed, students=world.students)
    steps = await world.each(
        Text("Pendaftaran dari CSV, dua kali", "Enrolment from a CSV, sent twice"),
        (1,),
        lambda _: _send_twice(world, cohort, file),
    )
    first, again = steps[0]
    found = Counter(str(line["rule"]) for line in first["rejected"])
    wanted = Counter(line.rule for line in file.bad)
    if first["accepted"] != len(file.students) or found != wanted or again["accepted"]:
        raise SeasonDeviated(f"the file: {first['accepted']} taken, refused {found}, not {wanted}")
    cohort.enrolment = ImportFigures(
        lines=len(file.lines),
        accepted=first["accepted"],
        rejected=tuple(
            RejectedLine(line["line"], line["rule"], Text(line["detail"], line["detail_en"]))
            for line in first["rejected"]
        ),
        accepted_when_sent_again=again["accepted"],
    )


async def brief(world: World, cohort: Cohort) -> None:
    """Attendance of the briefing, in two lists: those of the day, and those who made up for it."""
    ids = sorted(one["id"] for one in await enrolments(world, cohort))
    cut = len(ids) - max(1, len(ids) // 30)
    diskominfo = world.placement.acting_as(world.tokens.diskominfo())

    async def attend(listed: Sequence[str]) -> Accepted:
        return await diskominfo.command(
            "cohort.brief",
            "PUT",
            f"/v1/cohorts/{cohort.id}/briefing/attendance",
            {"enrolment_ids": list(listed)},
            aggregate=cohort.id,
        )

    await world.each(
        Text("Daftar hadir pembekalan", "Attendance of the briefing"),
        (ids[:cut], ids[cut:]),
        attend,
    )


async def plan_and_confirm(world: World, cohort: Cohort, text: Text) -> None:
    """Ask for a plan, wait for it, and confirm it as a whole."""
    steps = await world.each(text, (1,), lambda _: _plan(world, cohort))
    cohort.plans.append(steps[0])


async def enrolments(world: World, cohort: Cohort) -> list[dict[str, Any]]:
    """All enrolments of the cohort, as Diskominfo sees them."""
    diskominfo = world.placement.acting_as(world.tokens.diskominfo())
    return await diskominfo.read_all(f"/v1/cohorts/{cohort.id}/enrolments", limit=200)


def placed(found: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The enrolments with an active assignment."""
    return [one for one in found if one["status"] in {"assigned", "flagged"}]


async def _send_twice(
    world: World, cohort: Cohort, file: EnrolmentFile
) -> tuple[dict[str, Any], dict[str, Any]]:
    diskominfo = world.placement.acting_as(world.tokens.diskominfo())
    answers = [
        await diskominfo.command(
            "enrolment.import",
            "POST",
            f"/v1/cohorts/{cohort.id}/enrolments/import",
            content=(file.content, "text/csv"),
        )
        for _ in range(2)
    ]
    return answers[0].body, answers[1].body


async def _plan(world: World, cohort: Cohort) -> Plan:
    diskominfo = world.placement.acting_as(world.tokens.diskominfo())
    asked = await diskominfo.command(
        "plan.request", "POST", f"/v1/cohorts/{cohort.id}/plans", {"pins": []}
    )

    async def ready() -> dict[str, Any] | None:
        plan = await diskominfo.find(f"/v1/plans/{asked.id}")
        return plan if plan and plan["status"] != "computing" else None

    plan, seconds = await until(ready, seconds=PLAN_SECONDS, what="the plan")
    if plan["status"] != "proposed":
        raise SeasonDeviated(f"the plan is {plan['status']}: {plan['failure']}")
    before = {one["id"]: one for one in await enrolments(world, cohort)}
    lines = tuple(plan["lines"])
    await diskominfo.command(
        "plan.confirm",
        "POST",
        f"/v1/plans/{asked.id}/confirmation",
        aggregate=asked.id,
        expecting=lambda _: [_assigned(line) for line in lines if _changes(line, before)],
    )
    after = placed(await enrolments(world, cohort))
    per_group = Counter(one["assignment"]["kim_id"] for one in after)
    balance = plan["balance"]
    return Plan(
        lines=lines,
        figures=PlanFigures(
            students=len(lines),
            unplaced=len(plan["unplaced"]),
            moves=plan["moves"],
            cost=plan["cost"],
            groups=balance["kims"],
            groups_without_students=balance["kims_without_students"],
            fewest=balance["fewest_students"],
            most=balance["most_students"],
            same_university_pairs=balance["same_university_pairs"],
            seconds=seconds,
            spread=_spread(per_group, balance["kims"]),
        ),
    )


def _assigned(line: Mapping[str, Any]) -> Expectation:
    return Expectation("StudentAssigned", line["enrolment_id"], fields={"kim_id": line["kim_id"]})


def _changes(line: Mapping[str, Any], before: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the line assigns anew: who stays, unflagged, is left alone."""
    moves = line["kim_id"] != line["previous_kim_id"]
    return bool(moves or before[line["enrolment_id"]]["status"] != "assigned")


def _spread(per_group: Counter[str], groups: int) -> Counter[int]:
    """Groups by their number of students; those without any are not in `per_group`."""
    spread = Counter(per_group.values())
    if groups > len(per_group):
        spread[0] = groups - len(per_group)
    return spread
