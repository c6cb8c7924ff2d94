"""A cohort with students in every status, plans, logbook entries and an import, made over HTTP."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kentongan.domain.clock import utc_now
from tests.integration.http.group_data import CITY, REASON, open_desk, village_codes
from tests.integration.registry.desk import Desk
from tests.support.clock import today
from tests.support.desk import token
from tests.support.waiting import until_shown

UNIVERSITY, OTHER_UNIVERSITY = "budi-luhur", "yuppentek"
GROUPS, STUDENTS = 4, 12
_FILE = (
    "\ufeffnomor_mahasiswa;nama;universitas;program_studi\r\n"
    "2011500999;Contoh Mahasiswa;budi-luhur;Ilmu Komunikasi\r\n"
    "2,01E+09;Nomor Dibulatkan;budi-luhur;Sastra\r\n"
    "2011500998;;tidak-dikenal;Sastra\r\n"
)


@dataclass
class StoredCohort:
    """Ids of what placement holds; `closed_id` is a cohort whose period is over."""

    cohort_id: str = ""
    cohort_etag: str = ""
    closed_id: str = ""
    import_id: str = ""
    suspended: str = ""
    """The group whose students are flagged."""
    kim_ids: list[str] = field(default_factory=list)
    enrolments: dict[str, list[str]] = field(default_factory=dict)
    plans: dict[str, str] = field(default_factory=dict)
    activities: dict[str, list[str]] = field(default_factory=dict)
    logged_by: str = ""
    """The enrolment whose student keeps the logbook; placed at `logged_with`."""
    logged_with: str = ""

    @property
    def all_enrolments(self) -> list[str]:
        """Every enrolment, the withdrawn ones last."""
        return [one for each in self.enrolments.values() for one in each]

    def headers(self, *roles: str, **claims: str) -> dict[str, str]:
        """A token with these roles and all claims that the stored data asks for."""
        own = {
            "kim_id": self.logged_with,
            "university_id": UNIVERSITY,
            "student_id": self.logged_by,
        }
        return token(*roles, **{**own, **claims})


async def store_cohort(registry: str, placement: str) -> StoredCohort:
    """Register groups, wait until placement knows them, and run a season in small."""
    stored = StoredCohort()
    async with (
        open_desk(registry, token("diskominfo")) as office,
        open_desk(placement, token("diskominfo")) as desk,
    ):
        for code in (await village_codes())[:GROUPS]:
            stored.kim_ids.append(await office.registered(code))
        for kim_id in stored.kim_ids:
            await until_shown(desk, f"/kims/{kim_id}", lambda kim: kim["status"] == "registered")
        await _open_cohorts(desk, stored)
        await _enrol(desk, stored)
        await _place(desk, stored)
        await _keep_logbook(desk, stored)
        await _flag(office, desk, stored)
        await _propose(desk, stored)
        imported = await desk.client.post(
            f"/v1/cohorts/{stored.cohort_id}/enrolments/import",
            content=_FILE.encode(),
            headers={**desk.headers, "Content-Type": "text/csv"},
        )
        assert imported.status_code == 200, imported.text
        stored.import_id = imported.json()["import_id"]
        shown = await desk.get(f"/cohorts/{stored.cohort_id}")
        stored.cohort_etag = shown.headers["etag"]
    return stored


async def _open_cohorts(desk: Desk, stored: StoredCohort) -> None:
    for slug in (UNIVERSITY, OTHER_UNIVERSITY):
        spellings = {"name": f"Universitas {slug}", "aliases": []}
        await _post(desk, "/universities", {"id": slug, **spellings})
        edited = await desk.put(f"/universities/{slug}", spellings, version=1)
        assert edited.status_code == 200, edited.text
    opened = {
        "name": "KKN Contoh",
        "kind": "kkn",
        "region_code": CITY,
        "period_start": (today() - timedelta(days=20)).isoformat(),
        "period_end": (today() + timedelta(days=40)).isoformat(),
        "briefing_date": (today() - timedelta(days=10)).isoformat(),
        "quotas": [{"university_id": UNIVERSITY, "students": 200}],
        "capacity_per_kim": 10,
    }
    stored.cohort_id = (await _post(desk, "/cohorts", opened))["id"]
    ended = {"period_end": (today() - timedelta(days=5)).isoformat()}
    stored.closed_id = (await _post(desk, "/cohorts", opened | ended))["id"]


async def _enrol(desk: Desk, stored: StoredCohort) -> None:
    ids = []
    for number in range(STUDENTS):
        student = {
            "university_id": UNIVERSITY,
            "student_number": f"20115001{number:02d}",
            "name": f"Mahasiswa Contoh {number}",
            "study_programme": "Ilmu Komunikasi",
        }
        receipt = await _post(desk, f"/cohorts/{stored.cohort_id}/enrolments", student)
        ids.append(receipt["id"])
    stored.enrolments = {
        "enrolled": ids[:2],
        "briefed": ids[2:4],
        "assigned": ids[4:10],
        "withdrawn": ids[10:],
    }


async def _place(desk: Desk, stored: StoredCohort) -> None:
    await _brief(desk, stored, "assigned", "withdrawn")
    for status, step in (("discarded", "discard"), ("confirmed", "confirmation")):
        stored.plans[status] = await _plan(desk, stored)
        await _post(desk, f"/plans/{stored.plans[status]}/{step}", None)
    for enrolment_id in stored.enrolments["withdrawn"]:
        await _post(desk, f"/enrolments/{enrolment_id}/withdrawal", REASON)


async def _propose(desk: Desk, stored: StoredCohort) -> None:
    """A plan that can be confirmed: for the newly briefed, and for those whose group is gone."""
    await _brief(desk, stored, "briefed")
    stored.plans["proposed"] = await _plan(desk, stored)


async def _brief(desk: Desk, stored: StoredCohort, *statuses: str) -> None:
    attending = [one for status in statuses for one in stored.enrolments[status]]
    answer = await desk.put(
        f"/cohorts/{stored.cohort_id}/briefing/attendance", {"enrolment_ids": attending}
    )
    assert answer.status_code == 200, answer.text


async def _plan(desk: Desk, stored: StoredCohort) -> str:
    plan_id = str((await _post(desk, f"/cohorts/{stored.cohort_id}/plans", {}))["id"])
    await until_shown(desk, f"/plans/{plan_id}", lambda plan: plan["status"] == "proposed")
    return plan_id


async def _keep_logbook(desk: Desk, stored: StoredCohort) -> None:
    stored.logged_by = stored.enrolments["assigned"][0]
    shown = (await desk.get(f"/enrolments/{stored.logged_by}")).json()
    stored.logged_with = shown["assignment"]["kim_id"]
    student, group = desk.of(stored.headers("student")), desk.of(stored.headers("kim"))
    judgements = {"pending": None, "verified": "verification", "rejected": "rejection"}
    yesterday = utc_now() - timedelta(days=1)
    for day, (status, judgement) in enumerate(judgements.items()):
        stored.activities[status] = []
        for hour in range(2):
            entry = {
                "started_at": (yesterday - timedelta(days=day, hours=2 * hour)).isoformat(),
                "minutes": 90,
                "category": "publikasi",
                "text": "Menulis berita tentang posyandu.",
            }
            receipt = await _post(student, f"/enrolments/{stored.logged_by}/activities", entry)
            stored.activities[status].append(receipt["id"])
            if judgement:
                body = REASON if judgement == "rejection" else None
                await _post(group, f"/activities/{receipt['id']}/{judgement}", body)


async def _flag(office: Desk, desk: Desk, stored: StoredCohort) -> None:
    """Suspend a group with students: the reaction flags them."""
    at = {}
    for enrolment_id in stored.enrolments["assigned"]:
        shown = (await desk.get(f"/enrolments/{enrolment_id}")).json()
        at[enrolment_id] = shown["assignment"]["kim_id"]
    suspended = next(kim_id for kim_id in at.values() if kim_id != stored.logged_with)
    stored.suspended = suspended
    await _post(office, f"/kims/{suspended}/suspension", REASON)
    stored.enrolments["flagged"] = [one for one, kim_id in at.items() if kim_id == suspended]
    stored.enrolments["assigned"] = [one for one, kim_id in at.items() if kim_id != suspended]
    stored.enrolments["withdrawn"] = stored.enrolments.pop("withdrawn")
    for enrolment_id in stored.enrolments["flagged"]:
        await until_shown(
            desk, f"/enrolments/{enrolment_id}", lambda shown: shown["flag"] is not None
        )


async def _post(desk: Desk, path: str, body: Any) -> dict[str, Any]:
    answer = await desk.post(path, body)
    assert answer.status_code in {200, 201, 202}, f"{path}: {answer.text}"
    receipt: dict[str, Any] = answer.json()
    return receipt
