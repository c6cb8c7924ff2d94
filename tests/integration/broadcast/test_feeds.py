"""Atom feeds of regions, as a feed reader uses them."""

from typing import Any

import feedparser
import httpx
import pytest

from services.broadcast.api.feeds import ENTRIES
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.running import Running
from tests.support.desk import refused

pytestmark = pytest.mark.days

XML = {"content-type": "application/atom+xml"}


def parsed(answer: httpx.Response) -> Any:
    """The feed as a strict reader takes it: well-formed, Atom, no complaint."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = feedparser.parse(answer.content, response_headers=XML)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def link(feed: Any, rel: str) -> str | None:
    return next((str(each.href) for each in feed.feed.links if each.rel == rel), None)


async def titles(desk: Desk, region: str, **params: Any) -> list[str]:
    feed = parsed(await desk.get(f"/feeds/{region}.atom", **params))
    return [str(entry.title) for entry in feed.entries]


async def test_a_content_stands_in_the_feeds_of_its_regions(
    broadcast: Running, diskominfo: Desk
) -> None:
    await diskominfo.published(title="Kota", audience={"regions": ["36.71"]})
    broadcast.clock.forward(minutes=1)
    await diskominfo.published(title="Kecamatan", audience={"regions": ["36.71.07"]})
    broadcast.clock.forward(minutes=1)
    await diskominfo.published(
        "potential", title="Kelurahan", audience={"regions": ["36.71.07.1013"]}
    )
    await diskominfo.draft(title="Konsep")
    await diskominfo.in_review(title="Ditinjau")
    public = broadcast.public
    assert await titles(public, "36.71") == ["Kelurahan", "Kecamatan", "Kota"]
    assert await titles(public, "36.71.07") == ["Kelurahan", "Kecamatan", "Kota"]
    assert await titles(public, "36.71.07.1013") == ["Kelurahan", "Kecamatan", "Kota"]
    assert await titles(public, "36.71.07.1001") == ["Kecamatan", "Kota"]
    assert await titles(public, "36.71.01") == ["Kota"]
    assert await titles(public, "36.72") == []
    assert await titles(public, "36.71", kind="potential") == ["Kelurahan"]
    for wrong in ("36", "36.7", "kota"):
        refused(await public.get(f"/feeds/{wrong}.atom"), 422, "validation")


async def test_an_entry_tells_all_that_a_reader_needs(broadcast: Running) -> None:
    kim_id = await broadcast.tell_kim(1, name="KIM <Gerendeng> & Kawan")
    group = broadcast.kim(kim_id)
    content_id = await group.draft("potential", title="Sate & <lontong>", body="*Enak* <i>x</i>")
    await group.publish(content_id)
    feed = parsed(await broadcast.public.get("/feeds/36.71.01.atom", kind="potential"))
    assert feed.feed.id == "urn:kentongan:feed:36.71.01:potential"
    assert link(feed, "self") == "http://broadcast/v1/feeds/36.71.01.atom?kind=potential"
    (entry,) = feed.entries
    assert entry.id == f"urn:uuid:{content_id}"
    assert entry.author == "KIM <Gerendeng> & Kawan"
    assert entry.title == "Sate & <lontong>"
    assert entry.content[0].value == "<p><em>Enak</em> &lt;i&gt;x&lt;/i&gt;</p>"
    assert {tag.term for tag in entry.tags} == {"potential", "kesehatan"}
    links = {each.rel: each.href for each in entry.links}
    assert links["alternate"] == f"http://broadcast/v1/contents/{content_id}"
    assert links["related"] == "https://tangerangkota.example.id/imunisasi"
    assert entry.published == entry.updated == broadcast.clock.now.isoformat()


async def test_a_feed_that_has_not_changed_is_not_sent_again(
    broadcast: Running, diskominfo: Desk
) -> None:
    async def again(etag: str) -> httpx.Response:
        return await broadcast.client.get(
            "/v1/feeds/36.71.atom", headers={"If-None-Match": f'W/"old", {etag}'}
        )

    empty = await broadcast.public.get("/feeds/36.71.atom")
    parsed(empty)
    seen = [empty.headers["ETag"]]
    not_modified = await again(seen[0])
    assert (not_modified.status_code, not_modified.content) == (304, b"")
    assert not_modified.headers["ETag"] == seen[0]

    async def changed() -> None:
        answer = await again(seen[-1])
        parsed(answer)
        assert answer.headers["ETag"] not in seen
        seen.append(answer.headers["ETag"])
        assert (await again(seen[-1])).status_code == 304

    content_id = await diskominfo.published()
    await changed()
    other = await diskominfo.published(title="Lain")
    await changed()
    await diskominfo.correct(content_id, body="Pukul 09.00.")
    await changed()
    await diskominfo.retract(other)
    await changed()
    assert await titles(broadcast.public, "36.71") == ["Jadwal imunisasi"]


async def test_a_correction_comes_up_again(broadcast: Running, diskominfo: Desk) -> None:
    first = await diskominfo.published(title="Pertama")
    broadcast.clock.forward(minutes=1)
    await diskominfo.published(title="Kedua")
    published = broadcast.clock.now
    broadcast.clock.forward(minutes=1)
    await diskominfo.correct(first, title="Pertama, diralat")
    feed = parsed(await broadcast.public.get("/feeds/36.71.atom"))
    assert [entry.title for entry in feed.entries] == ["Pertama, diralat", "Kedua"]
    entry = feed.entries[0]
    assert entry.updated == feed.feed.updated == broadcast.clock.now.isoformat()
    assert entry.published < published.isoformat()


async def test_pages_hold_each_content_once(broadcast: Running, diskominfo: Desk) -> None:
    wanted = ENTRIES + 3
    ids = [await diskominfo.published(title=f"Konten {number}") for number in range(wanted)]
    address, seen, pages = "http://broadcast/v1/feeds/36.71.atom", [], 0
    while address:
        feed = parsed(await broadcast.client.get(address))
        assert link(feed, "self") == address
        assert link(feed, "first") == "http://broadcast/v1/feeds/36.71.atom"
        seen += [entry.id.removeprefix("urn:uuid:") for entry in feed.entries]
        address, pages = link(feed, "next"), pages + 1
    assert (sorted(seen), len(seen), pages) == (sorted(ids), wanted, 2)
    refused(await broadcast.public.get("/feeds/36.71.atom", cursor="xx"), 400, "invalid-cursor")
    late = "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjU5IiwieCJd"
    refused(await broadcast.public.get("/feeds/36.71.atom", cursor=late), 400, "invalid-cursor")
