"""What became of contents: whom they reached, and what the receiver of webhooks saw."""

from collections.abc import Mapping
from dataclasses import dataclass

from kentongan.demo.summary.text import Text


@dataclass(frozen=True, slots=True)
class ContentShown:
    """One content of the city, and the reach of its newest edition."""

    title: str
    kind: str
    audience: Text
    status: str
    """published or retracted."""
    edition: int
    groups: int
    """Groups addressed."""
    deliveries: int
    """One for each group's inbox and for each webhook; the figures below add up to it."""
    on_time: int
    late: int
    """Delivered, but after the promised time."""
    failed: int
    cancelled: int
    pending: int


@dataclass(frozen=True, slots=True)
class GroupContents:
    """What groups published of their own, by kind."""

    by_kind: Mapping[str, int]
    feed_entries: int
    """Entries of the city's Atom feed, read without a token to its end."""
    notices: int
    """Notices that groups have in their inboxes of a student assigned to them."""


@dataclass(frozen=True, slots=True)
class WebhookFigures:
    """What the receiver that the demo runs saw of the courier."""

    addresses: int
    received: int
    """Different deliveries that it took, each with a signature that it verified."""
    repeats: int
    """Deliveries that it had taken already, under the same `webhook-id`."""
    unavailable: int
    """Requests that it answered with 503, while one of its addresses was down."""
    unanswered: int
    """Requests that it never answered."""
    unverified: int
    """Requests whose signature did not hold; any is one too many."""
    switched_off: int
    """Addresses that broadcast gave up after failures in a row, with a note to their owner."""
