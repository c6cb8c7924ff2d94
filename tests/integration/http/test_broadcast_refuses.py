"""What broadcast refuses: status, rule and field in both languages, and nothing written."""

from datetime import timedelta

import pytest

from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from tests.integration.http.conftest import City
from tests.integration.http.content_data import ACTIVITY, CONTENT, WRITING, StoredContents
from tests.integration.http.everywhere import (
    bad_at_any_command,
    bad_at_any_edit,
    bad_at_any_list,
)
from tests.integration.http.group_data import REASON
from tests.integration.http.refusing import Bad, Scene, assert_turned_away
from tests.integration.http.repeating import Repeated, assert_repeatable

pytestmark = pytest.mark.xdist_group("http-broadcast")

TOMORROW = {"at": (utc_now() + timedelta(days=1)).isoformat()}
LATER = {"at": (utc_now() + timedelta(days=2)).isoformat()}
CHANNEL = {"name": "Situs KIM", "url": "https://kim-gerendeng.example.id/webhook"}
CORRECTION = {**WRITING, "title": "Jadwal baru", **REASON}
EDIT, PUBLISH = "PUT /contents/{edited}", "POST /contents/{in-review}/publication"
CORRECT, CHANNELS = "POST /contents/{published}/correction", "POST /channels"


def with_audience(**audience: object) -> dict[str, object]:
    return {**CONTENT, "audience": audience}


TABLE = [
    *bad_at_any_command("POST /contents", CONTENT, "title"),
    *bad_at_any_edit(EDIT, CONTENT),
    *bad_at_any_list("/kims"),
    *bad_at_any_list("/contents"),
    *bad_at_any_list("/assignments", caller="office"),
    *bad_at_any_list("/channels", caller="group"),
    *bad_at_any_list("/kims/{group}/inbox", caller="group"),
    Bad("unknown kind", "POST /contents", 422, "validation", at="#/kind", fault="enum",
        body={**CONTENT, "kind": "berita"}),
    Bad("a body too long", "POST /contents", 422, "validation", at="#/body",
        fault="string-too-long", body={**CONTENT, "body": "x" * 20_001}),
    Bad("a link that runs a script", "POST /contents", 422, "validation", at="#/links/0/url",
        fault="string-pattern-mismatch",
        body={**CONTENT, "links": [{"title": "x", "url": "javascript:alert(1)"}]}),
    Bad("a time without a zone", PUBLISH, 422, "validation", at="#/at", fault="timezone-aware",
        body={"at": "2030-01-31T08:00:00"}),
    Bad("a time that is past", PUBLISH, 422, "publication-time-past", at="#/at",
        body={"at": "2020-01-31T08:00:00+07:00"}),
    Bad("an audience of nobody", "POST /contents", 422, "audience-empty", at="#/audience",
        body=with_audience(potentials=["umkm"])),
    Bad("an audience elsewhere", "POST /contents", 422, "audience-outside-region",
        at="#/audience/regions/1", body=with_audience(regions=["36.71", "18.72"])),
    Bad("an unknown group", "POST /contents", 409, "not-known-yet", at="#/audience/kim_ids/1",
        body=with_audience(kim_ids=["<group>", "nowhere"])),
    Bad("an unknown group in an edit", EDIT, 409, "not-known-yet", at="#/audience/kim_ids/0",
        body=with_audience(kim_ids=["nowhere"]), headers={"If-Match": "{edited_etag}"}),
    Bad("an unknown group in a preview", "POST /audience-previews", 409, "not-known-yet",
        at="#/audience/kim_ids/0", body={"audience": {"kim_ids": ["nowhere"]}}),
    Bad("a kind of the city's", "POST /contents", 422, "kind-for-city-only", at="#/kind",
        body=CONTENT, caller="group"),
    Bad("an audience of the city's", "POST /contents", 422, "audience-of-group", at="#/audience",
        body={**ACTIVITY, "audience": {"regions": ["36.71"]}}, caller="group"),
    Bad("a suspended group", "POST /contents", 409, "kim-not-registered", body=ACTIVITY,
        caller="suspended"),
    Bad("an unknown author", "POST /contents", 409, "not-known-yet", body=ACTIVITY,
        caller="stranger"),
    Bad("another's draft", "POST /contents/{group draft}/publication", 403, "not-own", body={},
        caller="other group"),
    Bad("another's words", "POST /contents/{group published}/correction", 403, "not-own",
        body=CORRECTION),
    Bad("foreign region", PUBLISH, 403, "foreign-region", body={}, caller="foreign"),
    Bad("foreign region at a query", "GET /contents/{draft}", 404, "not-found", caller="foreign"),
    Bad("a draft in public", "GET /contents/{draft}", 404, "not-found", caller="nobody"),
    Bad("figures in public", "GET /contents/{published}/reach", 401, "unauthenticated",
        at="Authorization", caller="nobody"),
    Bad("another's figures", "GET /contents/{published}/reach", 404, "not-found", caller="group"),
    Bad("unknown content", "POST /contents/nowhere/retraction", 404, "not-found", body=REASON),
    Bad("published without review", "POST /contents/{draft}/publication", 409,
        "impossible-transition", body={}),
    Bad("published twice", "POST /contents/{published}/publication", 409,
        "impossible-transition", body={}),
    Bad("retracted twice", "POST /contents/{retracted}/retraction", 409, "impossible-transition",
        body=REASON),
    Bad("corrected after retraction", "POST /contents/{retracted}/correction", 409,
        "impossible-transition", body=CORRECTION),
    Bad("a correction of nothing", CORRECT, 422, "nothing-corrected", body={**WRITING, **REASON}),
    Bad("a correction without a reason", CORRECT, 422, "validation", at="#/reason",
        fault="missing", body=WRITING),
    Bad("a feed of a province", "GET /feeds/36.atom", 422, "validation", at="?region_code",
        fault="string-pattern-mismatch", caller="nobody"),
    Bad("a feed with a broken cursor", "GET /feeds/36.71.atom?cursor=x", 400, "invalid-cursor",
        at="?cursor", caller="nobody"),
    Bad("a webhook that is no address", CHANNELS, 422, "validation", at="#/url",
        fault="string-pattern-mismatch", body={**CHANNEL, "url": "ftp://contoh.example.id"},
        caller="group"),
    Bad("regions of a group's webhook", CHANNELS, 422, "regions-for-integrator-only",
        body={**CHANNEL, "regions": ["36.71"]}, caller="group"),
    Bad("another's webhook", "POST /channels/{channel}/removal", 404, "not-found",
        caller="other group"),
]  # fmt: skip
REPEATED = [
    Repeated("a draft", "POST /contents", 201, CONTENT, {**CONTENT, "title": "Lain"}),
    Repeated("a group's draft", "POST /contents", 201, ACTIVITY, {**ACTIVITY, "title": "Lain"},
             caller="group"),
    Repeated("an edit", EDIT, 200, {**CONTENT, "title": "Lain"}, CONTENT,
             headers={"If-Match": "{edited_etag}"}),
    Repeated("a time", PUBLISH, 200, TOMORROW, LATER),
    Repeated("a correction", CORRECT, 200, CORRECTION, {**CORRECTION, "title": "Lain"}),
    Repeated("a retraction", "POST /contents/{published}/retraction", 200, REASON,
             {"reason": "lain"}),
    Repeated("a webhook", CHANNELS, 201, CHANNEL, {**CHANNEL, "name": "Lain"}, caller="group"),
]  # fmt: skip


@pytest.fixture(scope="module")
def scene(city: City, broadcast: ServiceProcess, stored_contents: StoredContents) -> Scene:
    stored = stored_contents
    places = {
        **{status: ids[-1] for status, ids in stored.contents.items()},
        "edited": stored.contents["draft"][0],
        "edited_etag": stored.edited_etag,
        "group": stored.group,
        "channel": stored.channels[0],
    }
    callers = {
        "group": stored.headers("kim"),
        "other group": stored.headers("kim", kim_id=stored.kim_ids[1]),
        "suspended": stored.headers("kim", kim_id=stored.suspended),
        "stranger": stored.headers("kim", kim_id="nowhere"),
    }
    return Scene(city.services, broadcast, places, callers)


@pytest.mark.parametrize("bad", TABLE, ids=str)
async def test_it_is_refused_and_nothing_is_written(scene: Scene, bad: Bad) -> None:
    await assert_turned_away(scene, bad)


@pytest.mark.parametrize("repeated", REPEATED, ids=str)
async def test_a_key_sent_again_is_answered_again_and_bound_to_its_payload(
    scene: Scene, repeated: Repeated
) -> None:
    await assert_repeatable(scene, repeated)
