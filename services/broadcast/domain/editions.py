"""What a content says, and the editions in which it said it."""

from datetime import datetime

from kentongan.domain.state import State

LONGEST_BODY = 20_000
MOST_LINKS = 20
MOST_TAGS = 20
MOST_EDITIONS = 50
"""A history stays in the content's document; 50 editions of the longest body fit easily."""


class Link(State):
    """A public address that a content refers to."""

    title: str
    url: str


class Writing(State):
    """What a content says. `body` is Markdown (CommonMark); raw HTML in it means nothing."""

    title: str
    summary: str
    body: str = ""
    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()


class Edition(State):
    """One wording of a published content. `reason` (public) says why it replaced another."""

    number: int
    writing: Writing
    at: datetime
    reason: str | None = None
