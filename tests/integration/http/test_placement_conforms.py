"""Placement keeps what its OpenAPI document promises, whatever it is sent."""

from datetime import timedelta
from pathlib import Path

import pytest

from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from tests.integration.http.cohort_data import OTHER_UNIVERSITY, UNIVERSITY, StoredCohort
from tests.integration.http.fuzzing import Known, fuzz
from tests.integration.http.survival import assert_unharmed

pytestmark = [pytest.mark.xdist_group("http-placement"), pytest.mark.timeout(500)]


async def test_whatever_is_sent_is_answered_as_documented(
    placement: ServiceProcess, cohort: StoredCohort, tmp_path: Path
) -> None:
    withdrawn = cohort.enrolments["withdrawn"]
    enrolments, now = cohort.all_enrolments, utc_now()
    known = Known(
        paths={
            "kim_id": cohort.kim_ids,
            "cohort_id": [*[cohort.cohort_id] * 3, cohort.closed_id],
            "enrolment_id": enrolments,
            "/v1/enrolments/{enrolment_id}/activities enrolment_id": [cohort.logged_by],
            "/v1/enrolments/{enrolment_id}/readmission enrolment_id": withdrawn,
            "university_id": [OTHER_UNIVERSITY],
            "plan_id": list(cohort.plans.values()),
            "activity_id": [one for each in cohort.activities.values() for one in each],
            "import_id": [cohort.import_id],
        },
        body={
            "kim_id": cohort.kim_ids,
            "pins[*].kim_id": cohort.kim_ids,
            "pins[*].enrolment_id": enrolments,
            "enrolment_ids[*]": enrolments,
            "university_id": [UNIVERSITY, OTHER_UNIVERSITY],
            "universities[*]": [UNIVERSITY, OTHER_UNIVERSITY],
            "quotas[*].university_id": [UNIVERSITY, OTHER_UNIVERSITY],
            "region_code": ["36.71", "36.71.01"],
            "started_at": [(now - timedelta(hours=hours)).isoformat() for hours in range(1, 40)],
            "student_number": [f"20125001{number}" for number in range(10, 30)],
        },
    )
    headers = cohort.headers("diskominfo", "village", "kim", "campus", "student", "supervisor")

    fuzzed = await fuzz(placement.base_url, headers, known, tmp_path)

    await assert_unharmed(placement)
    assert fuzzed.exit_code == 0, fuzzed.output
    assert fuzzed.shallow == set(), fuzzed.answers
