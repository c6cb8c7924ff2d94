"""Scoring keeps what its OpenAPI document promises, whatever it is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kentongan.testing.environment import Backends, run_apart
from kentongan.testing.running_services import RunningServices
from tests.integration.http.contest_data import GROUPS, JUDGE, store_contests
from tests.integration.http.fuzzing import Known, fuzz
from tests.integration.http.survival import assert_unharmed
from tests.support.desk import token

pytestmark = [pytest.mark.xdist_group("http-scoring"), pytest.mark.timeout(500)]


@pytest.fixture
def services(stack: Backends, tmp_path: Path) -> Iterator[RunningServices]:
    """Scoring alone: it needs no other service."""
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    try:
        run_apart(services.prepare)
        yield services
    finally:
        run_apart(services.remove)


async def test_whatever_is_sent_is_answered_as_documented(
    services: RunningServices, tmp_path: Path
) -> None:
    scoring = services.process("scoring")
    await services.start(scoring)
    stored = await store_contests(services, scoring)
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
