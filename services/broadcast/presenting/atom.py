"""Atom (RFC 4287) with paging (RFC 5005): what a region's contents look like to a feed reader."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from feedgen.feed import FeedGenerator

from kentongan.storage.aggregates.store import Stored
from services.broadcast.domain.contents import Author, Content
from services.broadcast.presenting.markdown import safe_html

ATOM = "application/atom+xml"
CITY_NAME = "Diskominfo"
NOTHING_YET = datetime(2000, 1, 1, tzinfo=UTC)
"""When an empty feed was "last changed": Atom wants a moment, and it must not move."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class FeedPage:
    """One page of a feed, newest content first, and the addresses around it."""

    feed_id: str
    title: str
    own_address: str
    first_address: str
    next_address: str | None
    contents_address: str
    """The address under which a content's id leads to it."""
    contents: Sequence[Stored[Content]]
    authors: Mapping[str, str]
    """Names of groups by id."""


def entity_tag(page: FeedPage) -> str:
    """Changes with whatever the page shows, and is known before anything is rendered."""
    shown = [page.own_address, page.next_address or ""]
    for stored in page.contents:
        state = stored.state
        moment = state.updated_at.isoformat()
        shown.append(f"{stored.id} {state.edition} {moment} {_author(page, state)}")
    digest = hashlib.sha256("\n".join(shown).encode()).hexdigest()
    return f'"{digest[:32]}"'


async def atom(page: FeedPage) -> bytes:
    """The page as XML."""
    feed = FeedGenerator()
    feed.id(page.feed_id)
    feed.title(_text(page.title))
    feed.author({"name": CITY_NAME})
    feed.language("id")
    feed.generator("Kentongan")
    feed.updated(max((each.state.updated_at for each in page.contents), default=NOTHING_YET))
    feed.link(href=page.own_address, rel="self", type=ATOM)
    feed.link(href=page.first_address, rel="first", type=ATOM)
    if page.next_address is not None:
        feed.link(href=page.next_address, rel="next", type=ATOM)
    for stored in page.contents:
        await _add_entry(feed, page, stored.state)
    xml: bytes = feed.atom_str(pretty=False)
    return xml


async def _add_entry(feed: FeedGenerator, page: FeedPage, content: Content) -> None:
    writing = content.writing
    entry = feed.add_entry(order="append")
    entry.id(f"urn:uuid:{content.content_id}")
    entry.title(_text(writing.title))
    entry.author({"name": _text(_author(page, content))})
    entry.published(content.published_at)
    entry.updated(content.updated_at)
    entry.summary(_text(writing.summary))
    entry.content(_text(await safe_html(writing.body)), type="html")
    entry.link(href=f"{page.contents_address}/{content.content_id}", rel="alternate")
    entry.register_extension("related", RelatedLinks, atom=True, rss=False)
    entry.related.links = [
        {"href": _text(link.url), "rel": "related", "title": _text(link.title)}
        for link in writing.links
    ]
    entry.category(
        [{"term": term} for term in (content.kind.value, *writing.tags)],
    )


class RelatedLinks:
    """An extension of feedgen, which by itself (1.0) leaves `rel` and `title` out of these."""

    def __init__(self) -> None:
        self.links: list[dict[str, str]] = []

    def extend_atom(self, entry: Any) -> Any:
        """Add the links to the entry's element."""
        for link in self.links:
            entry.append(entry.makeelement("link", link))
        return entry


def _author(page: FeedPage, content: Content) -> str:
    if content.author is Author.CITY or content.kim_id is None:
        return CITY_NAME
    return page.authors.get(content.kim_id, "KIM")


def _text(text: str) -> str:
    """XML 1.0 has no word for these signs; one of them would break the whole feed."""
    return _NOT_XML.sub("", text)
