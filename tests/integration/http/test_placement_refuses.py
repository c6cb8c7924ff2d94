"""What placement refuses: status, rule and field in both languages, and nothing written."""

from datetime import timedelta

import pytest

from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from tests.integration.http.cohort_data import UNIVERSITY, StoredCohort
from tests.integration.http.conftest import City
from tests.integration.http.everywhere import (
    bad_at_any_command,
    bad_at_any_edit,
    bad_at_any_list,
)
from tests.integration.http.group_data import REASON
from tests.integration.http.refusing import Bad, Scene, assert_turned_away
from tests.integration.http.repeating import Repeated, assert_repeatable
from tests.support.clock import today

pytestmark = pytest.mark.xdist_group("http-placement")

COHORT = {
    "name": "PKL Contoh",
    "kind": "pkl",
    "region_code": "36.71",
    "period_start": (today() - timedelta(days=2)).isoformat(),
    "period_end": (today() + timedelta(days=60)).isoformat(),
    "briefing_date": today().isoformat(),
    "quotas": [{"university_id": UNIVERSITY, "students": 3}],
}
SPELLINGS = {"name": "Universitas Budi Luhur", "aliases": ["UBL"]}
QUOTAS = {"quotas": [{"university_id": UNIVERSITY, "students": 150}]}
MORE = {"quotas": [{"university_id": UNIVERSITY, "students": 151}]}
STUDENT = {
    "university_id": UNIVERSITY,
    "student_number": "2011500777",
    "name": "Mahasiswa Contoh",
    "study_programme": "Sastra",
}
ENTRY = {
    "started_at": (utc_now() - timedelta(hours=9)).isoformat(),
    "minutes": 60,
    "category": "pelatihan",
    "text": "Melatih pengurus memotret.",
}
MOVE, ELSEWHERE = {"kim_id": "<kim>", **REASON}, {"kim_id": "<elsewhere>", **REASON}
ENROL, LOG = "POST /cohorts/{cohort}/enrolments", "POST /enrolments/{student}/activities"
PLAN, IMPORT = "POST /cohorts/{cohort}/plans", "POST /cohorts/{cohort}/enrolments/import"
CSV = {"Content-Type": "text/csv"}
FILE = "nomor_mahasiswa;nama;universitas;program_studi\r\n{};Contoh;Universitas budi-luhur;Seni\r\n"
TABLE = [
    *bad_at_any_command("POST /cohorts", COHORT, "name"),
    *bad_at_any_edit("PUT /cohorts/{cohort}/quotas", QUOTAS),
    *bad_at_any_edit(f"PUT /universities/{UNIVERSITY}", SPELLINGS),
    *bad_at_any_list("/kims"),
    *bad_at_any_list("/cohorts/{cohort}/enrolments", caller="office"),
    Bad("text for a number", "POST /cohorts", 422, "validation", at="#/quotas/0/students",
        fault="int-type", body={**COHORT, "quotas": [{"university_id": "x", "students": "3"}]}),
    Bad("too many minutes", LOG, 422, "validation", at="#/minutes", fault="less-than-equal",
        body={**ENTRY, "minutes": 481}, caller="student"),
    Bad("a time without a zone", LOG, 422, "validation", at="#/started_at",
        fault="timezone-aware", body={**ENTRY, "started_at": "2026-01-31T08:00:00"},
        caller="student"),
    Bad("a link that runs a script", LOG, 422, "validation", at="#/link",
        fault="string-pattern-mismatch", body={**ENTRY, "link": "javascript:alert(1)"},
        caller="student"),
    Bad("no CSV", IMPORT, 415, "unsupported-media-type", at="Content-Type", body="[]"),
    Bad("a file of bytes", IMPORT, 422, "file-unreadable", body="\x00\x01\x02", headers=CSV),
    Bad("a file without columns", IMPORT, 422, "header-unknown", body="nama;nim\r\nA;1\r\n",
        headers=CSV),
    Bad("unknown university", ENROL, 422, "university-unknown", at="#/university_id",
        body={**STUDENT, "university_id": "nowhere"}),
    Bad("no student number", ENROL, 422, "student-number-invalid", at="#/student_number",
        body={**STUDENT, "student_number": "tidak ada"}),
    Bad("a period that ends before it starts", "POST /cohorts", 422, "period-reversed",
        at="#/period_end", body={**COHORT, "period_end": "2020-01-01"}),
    Bad("foreign region", "POST /cohorts", 403, "foreign-region", body=COHORT, caller="foreign"),
    Bad("foreign region at a list", ENROL, 403, "foreign-region", body=STUDENT, caller="foreign"),
    Bad("foreign region at a plan", "POST /plans/{proposed}/confirmation", 403, "foreign-region",
        caller="foreign"),
    Bad("foreign region at a query", "GET /enrolments/{student}", 404, "not-found",
        caller="foreign"),
    Bad("another university's student", ENROL, 403, "not-own", body=STUDENT,
        caller="other campus"),
    Bad("another student's logbook", "POST /enrolments/{flagged}/activities", 403, "not-own",
        body=ENTRY, caller="student"),
    Bad("another group's logbook", "POST /activities/{pending}/verification", 403, "not-own",
        caller="other group"),
    Bad("unknown cohort", "POST /cohorts/nowhere/plans", 404, "not-found", body={}),
    Bad("unknown group", "POST /enrolments/{student}/reassignment", 409, "not-known-yet",
        at="#/kim_id", body={**MOVE, "kim_id": "nowhere"}),
    Bad("unknown group in a pin", PLAN, 409, "not-known-yet", at="#/pins/0/kim_id",
        body={"pins": [{"enrolment_id": "<student>", "kim_id": "nowhere"}]}),
    Bad("second university of a name", "POST /universities", 409, "already-exists",
        body={"id": UNIVERSITY, "name": "Universitas lain"}),
    Bad("student enrolled twice", ENROL, 409, "already-exists",
        body={**STUDENT, "student_number": "2011500100"}),
    Bad("two entries of one moment", LOG, 409, "already-exists",
        body={**ENTRY, "started_at": "<logged_at>"}, caller="student"),
    Bad("university without a quota", ENROL, 409, "university-without-quota",
        body={**STUDENT, "university_id": "yuppentek"}),
    Bad("closed cohort", "POST /cohorts/{closed}/enrolments", 409, "cohort-closed", body=STUDENT),
    Bad("withdrawn twice", "POST /enrolments/{withdrawn}/withdrawal", 409,
        "impossible-transition", body=REASON),
    Bad("readmitted without having left", "POST /enrolments/{enrolled}/readmission", 409,
        "impossible-transition"),
    Bad("readmitted by another campus", "POST /enrolments/{withdrawn}/readmission", 403, "not-own",
        caller="other campus"),
    Bad("an alias of another university", f"PUT /universities/{UNIVERSITY}", 409,
        "university-name-taken", at="#/aliases/0", body={**SPELLINGS, "aliases": ["YUPPENTEK"]},
        headers={"If-Match": '"2"'}),
    Bad("verified twice", "POST /activities/{verified}/verification", 409,
        "impossible-transition", caller="group"),
    Bad("verified after rejection", "POST /activities/{rejected}/verification", 409,
        "impossible-transition", caller="group"),
    Bad("confirmed twice", "POST /plans/{confirmed}/confirmation", 409, "impossible-transition"),
    Bad("confirmed after discarding", "POST /plans/{discarded}/confirmation", 409,
        "impossible-transition"),
    Bad("moved before the briefing", "POST /enrolments/{enrolled}/reassignment", 409,
        "no-active-assignment", body=MOVE),
    Bad("to a suspended group", "POST /enrolments/{student}/reassignment", 409,
        "kim-not-registered", at="#/kim_id", body={**MOVE, "kim_id": "<suspended>"}),
]  # fmt: skip
REPEATED = [
    Repeated("a cohort", "POST /cohorts", 201, COHORT, {**COHORT, "name": "PKL lain"}),
    Repeated("a university", "POST /universities", 201, {"id": "raharja", "name": "Raharja"},
             {"id": "raharja", "name": "Raharja lain"}),
    Repeated("an enrolment", ENROL, 201, STUDENT, {**STUDENT, "name": "Nama lain"}),
    Repeated("an entry", LOG, 201, ENTRY, {**ENTRY, "minutes": 61}, caller="student"),
    Repeated("quotas", "PUT /cohorts/{cohort}/quotas", 200, QUOTAS, MORE,
             headers={"If-Match": "{cohort_etag}"}),
    Repeated("an import", IMPORT, 200, FILE.format("2011500444"), FILE.format("2011500445"),
             documents=2, headers=CSV),
    Repeated("a withdrawal", "POST /enrolments/{enrolled}/withdrawal", 200, REASON,
             {"reason": "lain"}),
    Repeated("a readmission", "POST /enrolments/{withdrawn}/readmission", 200, None, {}),
    Repeated("a confirmation", "POST /plans/{proposed}/confirmation", 200, None, {},
             documents=None),
    Repeated("a move", "POST /enrolments/{student}/reassignment", 200, ELSEWHERE,
             {**ELSEWHERE, "reason": "lain"}, documents=2),
]  # fmt: skip


@pytest.fixture(scope="module")
def scene(city: City, placement: ServiceProcess, cohort: StoredCohort) -> Scene:
    first = {name: ids[0] for name, ids in (cohort.enrolments | cohort.activities).items()}
    places = {
        **first,
        **cohort.plans,
        "cohort": cohort.cohort_id,
        "cohort_etag": cohort.cohort_etag,
        "closed": cohort.closed_id,
        "student": cohort.logged_by,
        "kim": cohort.logged_with,
        "suspended": cohort.suspended,
        "elsewhere": next(
            one for one in cohort.kim_ids if one not in {cohort.logged_with, cohort.suspended}
        ),
        "logged_at": cohort.activities["pending"][0].partition(":")[2],
    }
    callers = {
        "student": cohort.headers("student"),
        "group": cohort.headers("kim"),
        "other group": cohort.headers("kim", kim_id=cohort.suspended),
        "other campus": cohort.headers("campus", university_id="yuppentek"),
    }
    return Scene(city.services, placement, places, callers)


@pytest.mark.parametrize("bad", TABLE, ids=str)
async def test_it_is_refused_and_nothing_is_written(scene: Scene, bad: Bad) -> None:
    await assert_turned_away(scene, bad)


@pytest.mark.parametrize("repeated", REPEATED, ids=str)
async def test_a_key_sent_again_is_answered_again_and_bound_to_its_payload(
    scene: Scene, repeated: Repeated
) -> None:
    await assert_repeatable(scene, repeated)
