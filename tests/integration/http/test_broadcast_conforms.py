"""Broadcast keeps what its OpenAPI document promises, whatever it is sent."""

from datetime import timedelta
from pathlib import Path

import pytest

from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from tests.integration.http.content_data import StoredContents
from tests.integration.http.fuzzing import Known, fuzz
from tests.integration.http.survival import assert_unharmed

pytestmark = [pytest.mark.xdist_group("http-broadcast"), pytest.mark.timeout(500)]


async def test_whatever_is_sent_is_answered_as_documented(
    broadcast: ServiceProcess, stored_contents: StoredContents, tmp_path: Path
) -> None:
    stored = stored_contents
    contents = [one for each in stored.contents.values() for one in each]
    tomorrow = utc_now() + timedelta(days=1)
    known = Known(
        paths={
            "content_id": contents,
            "kim_id": stored.kim_ids,
            "/v1/kims/{kim_id}/inbox kim_id": [stored.group],
            "channel_id": stored.channels,
            "delivery_id": stored.deliveries,
            "region_code": ["36.71", "36.71.01"],
        },
        body={
            "audience.kim_ids[*]": stored.kim_ids,
            "audience.regions[*]": ["36.71", "36.71.01", "36.72"],
            "regions[*]": ["36.71", "36.71.01"],
            "at": [(tomorrow + timedelta(hours=hour)).isoformat() for hour in range(20)],
            "url": ["https://contoh.example.id/webhook", "https://10.0.0.1/webhook"],
        },
    )
    headers = stored.headers("diskominfo", "kim", "integrator")

    fuzzed = await fuzz(broadcast.base_url, headers, known, tmp_path)

    await assert_unharmed(broadcast)
    assert fuzzed.exit_code == 0, fuzzed.output
    assert fuzzed.shallow == set(), fuzzed.answers
