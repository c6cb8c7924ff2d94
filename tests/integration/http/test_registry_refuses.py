"""What the registry refuses: status, rule and field in both languages, and nothing written."""

import pytest

from kentongan.testing.environment import run_apart
from tests.integration.http.conftest import City
from tests.integration.http.everywhere import (
    bad_at_any_command,
    bad_at_any_edit,
    bad_at_any_list,
)
from tests.integration.http.group_data import (
    OF_EACH,
    REASON,
    StoredGroups,
    open_desk,
    village_codes,
)
from tests.integration.http.refusing import Bad, Scene, assert_turned_away
from tests.integration.http.repeating import Repeated, assert_repeatable
from tests.integration.registry.desk import declaration, decree, member, members
from tests.support.desk import token

pytestmark = pytest.mark.xdist_group("http-registry")

PROPOSAL = {"name": "KIM Gerendeng", "region_code": "36.71.07.1013", "level": "kelurahan"}
PROFILE = {"name": "KIM Gerendeng", "potentials": ["umkm"]}
SERVANT = member("ketua", declaration=declaration(not_civil_servant=False))
TABLE = [
    *bad_at_any_command("POST /kims", PROPOSAL, "name"),
    *bad_at_any_edit("PUT /kims/{registered}/profile", PROFILE),
    *bad_at_any_list("/kims"),
    Bad("wrong enumeration", "POST /kims", 422, "validation", at="#/level", fault="enum",
        body={**PROPOSAL, "level": "kota"}),
    Bad("text for a date", "PUT /kims/{proposed}/decree", 422, "validation", at="#/date",
        fault="date-parsing", body=decree(date="kemarin"), headers={"If-Match": '"1"'}),
    Bad("a field deep inside", "PUT /kims/{proposed}/members", 422, "validation",
        at="#/members/2/birth_date", fault="date-parsing",
        body={"members": [*members(2), {**members(3)[2], "birth_date": "1990"}]},
        headers={"If-Match": '"1"'}),
    Bad("unknown region", "POST /kims", 422, "region-unknown", at="#/region_code",
        body={**PROPOSAL, "region_code": "36.71.99.9999"}),
    Bad("foreign region", "POST /kims", 403, "foreign-region", body=PROPOSAL, caller="foreign"),
    Bad("foreign region at a transition", "POST /kims/{registered}/suspension", 403,
        "foreign-region", body=REASON, caller="foreign"),
    Bad("foreign region at an edit", "PUT /kims/{registered}/profile", 403, "foreign-region",
        body=PROFILE, caller="foreign", headers={"If-Match": '"5"'}),
    Bad("unknown group", "POST /kims/nowhere/submission", 404, "not-found"),
    Bad("unknown address", "POST /groups", 404, "route-unknown", body=PROPOSAL),
    Bad("unknown method", "DELETE /kims/{registered}", 405, "method-not-allowed"),
    Bad("second group of a kelurahan", "POST /kims/{rival}/registration", 409, "seat-taken"),
    Bad("submitted twice", "POST /kims/{submitted}/submission", 409, "impossible-transition"),
    Bad("registered before submission", "POST /kims/{proposed}/registration", 409,
        "impossible-transition"),
    Bad("reinstated while registered", "POST /kims/{registered}/reinstatement", 409,
        "impossible-transition"),
    Bad("suspended after dissolution", "POST /kims/{dissolved}/suspension", 409,
        "impossible-transition", body=REASON),
    Bad("submitted without a decree", "POST /kims/{bare}/submission", 422, "decree-missing"),
    Bad("a civil servant on the board", "PUT /kims/{proposed}/members", 422,
        "board-member-is-civil-servant", at="#/members/0/declaration/not_civil_servant",
        body={"members": [SERVANT]}, headers={"If-Match": '"1"'}),
    Bad("decree of another office", "PUT /kims/{proposed}/decree", 422, "decree-by-wrong-office",
        at="#/office", body=decree("36.71.07", office="camat"), headers={"If-Match": '"1"'}),
]  # fmt: skip
REPEATED = [
    Repeated("a proposal", "POST /kims", 201, PROPOSAL, {**PROPOSAL, "name": "KIM lain"}),
    Repeated("a registration", "POST /kims/{submitted}/registration", 200, None, {}),
    Repeated("a suspension", "POST /kims/{registered}/suspension", 200, REASON, {"reason": "lain"}),
    Repeated("an edit", "PUT /kims/{suspended}/profile", 200, PROFILE,
             {**PROFILE, "name": "KIM lain"}, headers={"If-Match": '"6"'}),
]  # fmt: skip


@pytest.fixture(scope="module")
def scene(city: City, groups: StoredGroups) -> Scene:

    async def more() -> dict[str, str]:
        async with open_desk(city.registry.base_url, token("diskominfo")) as desk:
            # The registered groups have the kelurahan after those of the four other standings.
            taken = (await village_codes())[-3 * OF_EACH - 1]
            bare = await desk.propose()
            put = await desk.put(f"/kims/{bare}/members", {"members": members()}, 1)
            assert put.status_code == 200, put.text
            return {"rival": await desk.complete(taken), "bare": bare}

    standings = {name: ids[0] for name, ids in groups.by_standing.items()}
    return Scene(city.services, city.registry, {**standings, **run_apart(more)})


@pytest.mark.parametrize("bad", TABLE, ids=str)
async def test_it_is_refused_and_nothing_is_written(scene: Scene, bad: Bad) -> None:
    await assert_turned_away(scene, bad)


@pytest.mark.parametrize("repeated", REPEATED, ids=str)
async def test_a_key_sent_again_is_answered_again_and_bound_to_its_payload(
    scene: Scene, repeated: Repeated
) -> None:
    await assert_repeatable(scene, repeated)
