"""Scoring keeps what its OpenAPI document promises, whatever it is sent."""

from pathlib import Path

import pytest

from kentongan.local.service_process import ServiceProcess
from tests.integration.http.contest_data import GROUPS, JUDGE, StoredContests
from tests.integration.http.fuzzing import Known, fuzz
from tests.integration.http.survival import assert_unharmed
from tests.support.desk import token

pytestmark = [pytest.mark.xdist_group("http-scoring"), pytest.mark.timeout(500)]


async def test_whatever_is_sent_is_answered_as_documented(
    scoring: ServiceProcess, contests: StoredContests, tmp_path: Path
) -> None:
    stored = contests
    known = Known(
        paths={
            "competition_id": [*stored.judged, stored.published, stored.closed],
            "/v1/competitions/{competition_id}/results competition_id": [
                stored.published,
                stored.closed,
            ],
            "/v1/competitions/{competition_id}/ranking competition_id": [stored.published],
            "entry_id": stored.entries,
            "kim_id": [f"kim-{number:03}" for number in range(GROUPS)],
            "number": ["1", "2"],
            "campaign_id": stored.campaigns,
        },
        body={
            "stage": ["1"],
            "judges[*]": [JUDGE, "juri-9"],
            "region_code": ["36.71", "36.71.01"],
            "prizes[*].entry_id": stored.entries,
            "option_id": ["ya", "tidak"],
        },
    )
    headers = token(
        "diskominfo", "kim", "judge", kim_id=f"kim-{GROUPS:03}", judge_id=JUDGE, sub="semua"
    )

    fuzzed = await fuzz(scoring.base_url, headers, known, tmp_path)

    await assert_unharmed(scoring)
    assert fuzzed.exit_code == 0, fuzzed.output
    assert fuzzed.shallow == set(), fuzzed.answers
