"""A city's contents: drafted, reviewed, published, corrected and taken back, with a history."""

from tests.integration.broadcast.desk import WRITING, Desk
from tests.integration.broadcast.running import Running
from tests.support.desk import refused


async def test_from_draft_to_retraction(broadcast: Running, diskominfo: Desk) -> None:
    content_id = await diskominfo.draft(audience={"regions": ["36.71.07"]})
    refused(await broadcast.public.get(f"/contents/{content_id}"), 404, "not-found")
    too_early = await diskominfo.post(f"/contents/{content_id}/publication", {})
    refused(too_early, 409, "impossible-transition")

    await diskominfo.post(f"/contents/{content_id}/review")
    assert (await diskominfo.publish(content_id))["edition"] == 1
    public = await broadcast.public.content(content_id)
    assert (public["status"], public["author"], public["region_code"]) == (
        "published",
        "city",
        "36.71",
    )
    assert public["body_html"] == "<p>Imunisasi <strong>gratis</strong>, Sabtu pukul 08.00.</p>\n"

    broadcast.clock.forward(hours=1)
    await diskominfo.correct(content_id, body="Pukul 09.00.")
    assert (await broadcast.public.content(content_id))["edition"] == 2
    await diskominfo.retract(content_id, reason="Ditunda.")
    gone = await broadcast.public.content(content_id)
    assert (gone["status"], gone["retraction_reason"]) == ("retracted", "Ditunda.")
    assert content_id not in await broadcast.public.listed()
    assert content_id in await broadcast.public.listed(status="retracted")
    refused(
        await diskominfo.post(f"/contents/{content_id}/correction", {**WRITING, "reason": "x"}),
        409,
        "impossible-transition",
    )


async def test_each_step_of_the_public_life_records_its_event(
    broadcast: Running, diskominfo: Desk
) -> None:
    content_id = await diskominfo.in_review(audience={"regions": ["36.71.07"]})
    assert await broadcast.recorded(content_id) == []
    await diskominfo.publish(content_id)
    await diskominfo.correct(content_id, title="Jadwal baru")
    await diskominfo.retract(content_id, reason="Bu Siti keliru.")
    events = await broadcast.recorded(content_id)
    assert [each["event"] for each in events] == [
        "ContentPublished",
        "ContentCorrected",
        "ContentRetracted",
    ]
    assert [(each["edition"], each["title"], each["status"]) for each in events] == [
        (1, WRITING["title"], "published"),
        (2, "Jadwal baru", "published"),
        (2, "Jadwal baru", "retracted"),
    ]
    assert events[0]["audience"] == {"regions": ["36.71.07"], "potentials": [], "kim_ids": []}
    assert all("Siti" not in str(each) and "diskominfo" not in str(each) for each in events)


async def test_the_history_keeps_every_edition(broadcast: Running, diskominfo: Desk) -> None:
    content_id = await diskominfo.published()
    for number in range(2, 5):
        await diskominfo.correct(content_id, body=f"Edisi {number}.", reason=f"Ralat {number}.")
    await diskominfo.retract(content_id)
    first = (await broadcast.public.get(f"/contents/{content_id}/history", limit=3)).json()
    rest = await broadcast.public.get(
        f"/contents/{content_id}/history", cursor=first["next_cursor"]
    )
    editions = [*first["items"], *rest.json()["items"]]
    assert [(each["edition"], each["body"], each["reason"]) for each in editions] == [
        (1, WRITING["body"], None),
        (2, "Edisi 2.", "Ralat 2."),
        (3, "Edisi 3.", "Ralat 3."),
        (4, "Edisi 4.", "Ralat 4."),
    ]
    assert rest.json()["next_cursor"] is None


async def test_a_correction_says_something_else(diskominfo: Desk) -> None:
    content_id = await diskominfo.published()
    same = await diskominfo.post(f"/contents/{content_id}/correction", {**WRITING, "reason": "x"})
    refused(same, 422, "nothing-corrected")
    without_reason = await diskominfo.post(
        f"/contents/{content_id}/correction", {**WRITING, "title": "Lain"}
    )
    refused(without_reason, 422, "validation", "#/reason")


async def test_review_may_return_a_draft_with_a_reason(
    broadcast: Running, diskominfo: Desk
) -> None:
    content_id = await diskominfo.in_review()
    returned = await diskominfo.post(f"/contents/{content_id}/return", {"reason": "Kurang jelas."})
    assert returned.json()["status"] == "draft"
    assert (await diskominfo.content(content_id))["return_reason"] == "Kurang jelas."
    await diskominfo.post(f"/contents/{content_id}/review")
    await diskominfo.publish(content_id)
    assert (await broadcast.public.content(content_id))["return_reason"] is None
    decisions = (await diskominfo.get(f"/contents/{content_id}/decisions")).json()
    assert [each["rule"] for each in decisions] == [
        "content.draft",
        "content.submit",
        "content.return",
        "content.submit",
        "content.publish",
    ]
    assert decisions[2]["note"] == "Kurang jelas."


async def test_an_edit_names_the_version_that_it_overwrites(diskominfo: Desk) -> None:
    content_id = await diskominfo.draft()
    path, body = f"/contents/{content_id}", {"kind": "clarification", **WRITING, "title": "Hoaks"}
    refused(await diskominfo.put(path, body), 428, "precondition-missing")
    edited = await diskominfo.put(path, body, version=1, Idempotency_Key="edit-1")
    assert edited.headers["ETag"] == '"2"'
    refused(await diskominfo.put(path, body, version=1), 412, "version-conflict")
    again = await diskominfo.put(path, body, version=1, Idempotency_Key="edit-1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await diskominfo.content(content_id))["kind"] == "clarification"
    await diskominfo.post(f"{path}/review")
    await diskominfo.publish(content_id)
    late = await diskominfo.put(path, body, version=4)
    refused(late, 409, "impossible-transition")


async def test_retries_under_one_key_change_nothing_more(
    broadcast: Running, diskominfo: Desk
) -> None:
    body = {"kind": "information", **WRITING}
    first = await diskominfo.post("/contents", body, Idempotency_Key="draft-1")
    again = await diskominfo.post("/contents", body, Idempotency_Key="draft-1")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await diskominfo.post("/contents", {**body, "title": "Lain"}, Idempotency_Key="draft-1")
    refused(other, 422, "idempotency-key-reused")
    content_id = first.json()["id"]
    assert first.headers["Location"] == f"/v1/contents/{content_id}"
    await diskominfo.post(f"/contents/{content_id}/review")
    for _ in range(2):
        published = await diskominfo.post(
            f"/contents/{content_id}/publication", {}, Idempotency_Key="publish-1"
        )
        assert published.status_code == 200
    assert len(await broadcast.recorded(content_id)) == 1


async def test_it_is_published_at_the_time_that_was_set(
    broadcast: Running, diskominfo: Desk
) -> None:
    content_id = await diskominfo.in_review()
    past = broadcast.clock.now.isoformat()
    refused(
        await diskominfo.post(f"/contents/{content_id}/publication", {"at": past}),
        422,
        "publication-time-past",
        "#/at",
    )
    broadcast.clock.forward(minutes=1)
    at = broadcast.clock.now.replace(microsecond=0)
    broadcast.clock.forward(minutes=-10)
    scheduled = await diskominfo.publish(content_id, at=at.isoformat())
    assert scheduled["status"] == "scheduled"
    refused(await broadcast.public.get(f"/contents/{content_id}"), 404, "not-found")
    assert await diskominfo.listed(status="scheduled") == [content_id]
    returned = await diskominfo.post(f"/contents/{content_id}/return", {"reason": "Tunggu."})
    assert returned.json()["status"] == "draft"


async def test_lists_are_filtered_and_paged_newest_first(
    broadcast: Running, diskominfo: Desk
) -> None:
    ids = []
    for number in range(5):
        broadcast.clock.forward(minutes=1)
        ids.append(
            await diskominfo.published(
                "potential" if number % 2 else "information",
                audience={"regions": [f"36.71.0{1 + number}"]},
                tags=["genap"] if number % 2 == 0 else ["ganjil"],
            )
        )
    newest = ids[::-1]
    first = (await broadcast.public.get("/contents", limit=3)).json()
    rest = (await broadcast.public.get("/contents", cursor=first["next_cursor"])).json()
    assert [item["id"] for item in [*first["items"], *rest["items"]]] == newest
    assert await broadcast.public.listed(kind="potential") == [ids[3], ids[1]]
    assert await broadcast.public.listed(tag="genap") == [ids[4], ids[2], ids[0]]
    assert await broadcast.public.listed(region="36.71.02") == [ids[1]]
    assert await broadcast.public.listed(region="36.71.02.1001") == [ids[1]]
    assert await broadcast.public.listed(region="36.71") == newest
    assert await broadcast.public.listed(region="36.72") == []
    refused(await broadcast.public.get("/contents", author="city"), 422, "validation")
    wrong = refused(await broadcast.public.get("/contents", region="36.7"), 422, "validation")
    assert [error["parameter"] for error in wrong["errors"]] == ["region"]


async def test_markdown_is_made_safe_when_served(broadcast: Running, diskominfo: Desk) -> None:
    body = (
        "<script>alert(1)</script>\n\n[klik](javascript:alert(1)) <b onclick=x>tebal</b>\n\n"
        "![gambar](data:image/svg+xml;base64,AAAA) [baik](https://contoh.example.id/a?b=1&c=2)"
    )
    content_id = await diskominfo.published(body=body)
    shown = await broadcast.public.content(content_id)
    assert shown["body"] == body
    html = shown["body_html"]
    assert "<script" not in html and "<b " not in html
    assert 'href="javascript' not in html and "<img" not in html
    assert '<a href="https://contoh.example.id/a?b=1&amp;c=2" rel="nofollow' in html


async def test_what_a_content_may_hold(diskominfo: Desk) -> None:
    for changed, pointer in (
        ({"body": "x" * 20_001}, "#/body"),
        ({"title": "  "}, "#/title"),
        ({"links": [{"title": "a", "url": "javascript:alert(1)"}]}, "#/links/0/url"),
        ({"tags": ["Bukan Tag"]}, "#/tags/0"),
        ({"kind": "berita"}, "#/kind"),
        ({"audience": {"regions": ["36.7"]}}, "#/audience/regions/0"),
    ):
        answer = await diskominfo.post("/contents", {"kind": "information", **WRITING, **changed})
        refused(answer, 422, "validation", pointer)
