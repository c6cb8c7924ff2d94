"""The registry keeps what its OpenAPI document promises, whatever it is sent."""

from pathlib import Path

import pytest

from tests.integration.http.conftest import City
from tests.integration.http.fuzzing import Known, fuzz
from tests.integration.http.group_data import StoredGroups, village_codes
from tests.integration.http.survival import assert_unharmed
from tests.support.desk import token

pytestmark = [pytest.mark.xdist_group("http-registry"), pytest.mark.timeout(500)]


async def test_whatever_is_sent_is_answered_as_documented(
    city: City, groups: StoredGroups, tmp_path: Path
) -> None:
    codes = (await village_codes())[:30]
    known = Known(
        paths={"kim_id": groups.all},
        body={"region_code": [*codes, "36.71.07"], "potentials[*]": ["umkm", "wisata"]},
    )
    roles = ("diskominfo", "village", "kim")

    fuzzed = await fuzz(
        city.registry.base_url, token(*roles, kim_id=groups.all[-1]), known, tmp_path
    )

    await assert_unharmed(city.registry)
    assert fuzzed.exit_code == 0, fuzzed.output
    assert fuzzed.shallow == set(), fuzzed.answers
