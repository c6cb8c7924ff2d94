"""A group's life over HTTP, and what is recorded, shown and kept to itself on the way."""

import httpx
import pytest

from tests.integration.registry.conftest import Running
from tests.integration.registry.desk import GERENDENG, Desk, decree, member, members
from tests.support.desk import refused


async def outbox(registry: Running, kim_id: str) -> list[dict[str, object]]:
    document = await registry.database["kims"].find_one({"_id": kim_id})
    assert document is not None
    return list(document["outbox"])


async def test_from_proposal_to_dissolution(registry: Running, diskominfo: Desk):
    village = registry.desk("village", region=GERENDENG)
    kim_id = await village.complete()
    answer = await diskominfo.register(kim_id)
    assert answer.status_code == 200
    assert answer.json() == {
        "id": kim_id,
        "version": 5,
        "status": "registered",
        "nik_komunitas": "36.71-0001",
        "warnings": [],
    }
    assert answer.headers["etag"] == '"5"'
    for command, body in (
        ("suspension", {"reason": "Ketua Warga Rahasia 0 pindah."}),
        ("reinstatement", None),
        ("dissolution", {"reason": "Warga Rahasia 1 mundur."}),
    ):
        answer = await diskominfo.post(f"/kims/{kim_id}/{command}", body)
        assert answer.status_code == 200, answer.text

    recorded = await outbox(registry, kim_id)
    assert [str(entry["type"]).split(".")[-2] for entry in recorded] == [
        "KimRegistered",
        "KimSuspended",
        "KimReinstated",
        "KimDissolved",
    ]
    assert [entry["sequence"] for entry in recorded] == [5, 6, 7, 8]
    assert "Rahasia" not in str(recorded)

    trail = (await diskominfo.get(f"/kims/{kim_id}/decisions")).json()
    assert [line["command"] for line in trail] == [
        "kim.propose",
        "kim.set-members",
        "kim.set-decree",
        "kim.submit",
        "kim.register",
        "kim.suspend",
        "kim.reinstate",
        "kim.dissolve",
    ]
    assert (trail[0]["actor"], trail[4]["actor"]) == ("village", "diskominfo")
    assert trail[4]["rule"] == "requirements-met:default"
    assert trail[7]["note"] == "Warga Rahasia 1 mundur."


async def test_a_returned_group_is_mended_and_submitted_again(registry: Running, diskominfo: Desk):
    kim_id = await diskominfo.complete()
    refused(await diskominfo.post(f"/kims/{kim_id}/return", {"reasons": []}), 422, "validation")
    returned = await diskominfo.post(f"/kims/{kim_id}/return", {"reasons": ["SK buram"]})
    assert returned.json()["status"] == "proposed"
    refused(await diskominfo.register(kim_id), 409, "impossible-transition")
    board = registry.desk("kim", kim_id=kim_id)
    assert (await board.get(f"/kims/{kim_id}/decisions")).json()[-1]["note"] == "SK buram"
    assert (await board.post(f"/kims/{kim_id}/submission")).status_code == 200
    assert (await diskominfo.register(kim_id)).status_code == 200


async def test_edits_of_a_registered_group_are_published_when_the_public_sees_them(
    registry: Running, diskominfo: Desk
):
    kim_id = await diskominfo.registered()
    profile = {"name": "KIM Gerendeng Maju", "potentials": ["wisata"], "aliases": ["Grendeng"]}
    assert (await diskominfo.put(f"/kims/{kim_id}/profile", profile, 5)).status_code == 200
    more = [*members(6)]
    assert (
        await diskominfo.put(f"/kims/{kim_id}/members", {"members": more}, 6)
    ).status_code == 200
    more[5]["name"] = "Warga Rahasia lain"
    assert (
        await diskominfo.put(f"/kims/{kim_id}/members", {"members": more}, 7)
    ).status_code == 200
    recorded = await outbox(registry, kim_id)
    assert [entry["sequence"] for entry in recorded] == [5, 6, 7]
    data = recorded[-1]["data"]
    assert isinstance(data, dict)
    assert (data["name"], data["member_count"]) == ("KIM Gerendeng Maju", 6)


async def test_who_is_refused_and_by_which_rule(diskominfo: Desk):
    kim_id = await diskominfo.propose()
    place = f"/kims/{kim_id}"
    servant = member("ketua")
    servant["declaration"]["not_civil_servant"] = False
    refused(
        await diskominfo.put(f"{place}/members", {"members": [servant]}, 1),
        422,
        "board-member-is-civil-servant",
        "#/members/0/declaration/not_civil_servant",
    )
    too_many = {"members": members(31)}
    refused(await diskominfo.put(f"{place}/members", too_many, 1), 422, "member-limits")
    camat = decree(office="camat", region_code="36.71.07")
    refused(
        await diskominfo.put(f"{place}/decree", camat, 1), 422, "decree-by-wrong-office", "#/office"
    )
    two = {"members": members(2)}
    assert (await diskominfo.put(f"{place}/members", two, 1)).status_code == 200
    problem = refused(await diskominfo.post(f"{place}/submission"), 422, "member-limits")
    assert problem["facts"] == {"found": 2, "minimum": 3, "maximum": 30}
    await diskominfo.put(f"{place}/members", {"members": members()}, 2)
    refused(await diskominfo.post(f"{place}/submission"), 422, "decree-missing")
    await diskominfo.put(f"{place}/decree", decree(), 3)
    warned = await diskominfo.post(f"{place}/submission")
    assert (warned.status_code, warned.json()["warnings"]) == (200, [])


async def test_a_retry_under_its_key_is_answered_as_the_first_time(diskominfo: Desk):
    body = {"name": "KIM", "region_code": GERENDENG, "level": "kelurahan"}
    first = await diskominfo.post("/kims", body, **{"Idempotency-Key": "a"})
    again = await diskominfo.post("/kims", body, **{"Idempotency-Key": "a"})
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    other = body | {"name": "KIM lain"}
    refused(
        await diskominfo.post("/kims", other, **{"Idempotency-Key": "a"}),
        422,
        "idempotency-key-reused",
    )

    kim_id = await diskominfo.complete()
    answers: list[httpx.Response] = [
        await diskominfo.register(kim_id, **{"Idempotency-Key": "b"}) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    put = {"members": members(7)}
    for _ in range(2):
        answer = await diskominfo.put(f"/kims/{kim_id}/members", put, 5, **{"Idempotency-Key": "c"})
        assert (answer.status_code, answer.json()["version"]) == (200, 6)


async def test_edits_want_the_newest_etag(diskominfo: Desk):
    kim_id = await diskominfo.propose()
    put = {"members": members()}
    refused(await diskominfo.put(f"/kims/{kim_id}/members", put), 428, "precondition-missing")
    assert (await diskominfo.put(f"/kims/{kim_id}/members", put, 1)).status_code == 200
    refused(await diskominfo.put(f"/kims/{kim_id}/members", put, 1), 412, "version-conflict")
    shown = await diskominfo.get(f"/kims/{kim_id}/members")
    assert shown.headers["etag"] == '"2"'
    again = {"members": shown.json()["members"]}
    assert (await diskominfo.put(f"/kims/{kim_id}/members", again, 2)).status_code == 200


@pytest.mark.parametrize("sign", ["\x07", "\x1b", "\x7f"])
async def test_no_control_character_gets_into_a_link_or_a_reason(
    diskominfo: Desk, sign: str
) -> None:
    kim_id = await diskominfo.registered()
    profile = {"name": "KIM", "links": [{"kind": "website", "url": f"https://kim.id/{sign}"}]}
    answer = await diskominfo.put(f"/kims/{kim_id}/profile", profile, 5)
    refused(answer, 422, "validation", "#/links/0/url")
    answer = await diskominfo.post(f"/kims/{kim_id}/suspension", {"reason": f"Tidak aktif{sign}"})
    refused(answer, 422, "validation", "#/reason")
    lines = {"reason": "Tidak aktif enam bulan.\nPengurus\tpindah."}
    assert (await diskominfo.post(f"/kims/{kim_id}/suspension", lines)).status_code == 200
