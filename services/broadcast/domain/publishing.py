"""A content's public life: published now or at a time, corrected, taken back."""

from datetime import datetime

from kentongan.contracts.broadcast import ContentCorrected, ContentPublished, ContentRetracted
from kentongan.domain import Decision
from kentongan.domain.kims import Kim
from services.broadcast.domain.audiences import Audience, own_region
from services.broadcast.domain.contents import (
    Content,
    ContentStatus,
    EditionPlanning,
    ensure_in,
    told,
)
from services.broadcast.domain.editions import MOST_EDITIONS, Edition, Writing
from services.broadcast.domain.errors import (
    ImpossibleTransition,
    NothingCorrected,
    PublicationNotDue,
    PublicationTimePast,
    TooManyEditions,
)
from services.broadcast.domain.kims import ensure_registered

PUBLISH = "content.publish"


def publish_by_city(content: Content, at: datetime | None, now: datetime) -> Decision[Content]:
    """The office publishes what it has reviewed, now or at a time; groups are addressed.

    Raises ImpossibleTransition, PublicationTimePast.
    """
    ensure_in(content, PUBLISH, ContentStatus.IN_REVIEW, ContentStatus.SCHEDULED)
    return _published_or_scheduled(content, content.audience, at, now, addressed=True)


def publish_by_kim(
    content: Content, kim: Kim, at: datetime | None, now: datetime
) -> Decision[Content]:
    """A group publishes its own draft, in the feeds of its region; no group is addressed.

    Raises KimNotRegistered, ImpossibleTransition (what the office has scheduled is the office's),
    PublicationTimePast.
    """
    ensure_registered(kim)
    ensure_in(content, PUBLISH, ContentStatus.DRAFT, ContentStatus.SCHEDULED)
    if content.status is ContentStatus.SCHEDULED and content.addressed:
        raise ImpossibleTransition(status=content.status.value, command=PUBLISH)
    audience = own_region(content.region_code)
    return _published_or_scheduled(content, audience, at, now, addressed=False)


def publish_due(content: Content, now: datetime) -> Decision[Content]:
    """The time that was set has come. Raises PublicationNotDue where somebody was faster."""
    due = content.publish_at
    if content.status is not ContentStatus.SCHEDULED or due is None or due > now:
        raise PublicationNotDue
    return _published(content, now)


def correct(content: Content, writing: Writing, reason: str, now: datetime) -> Decision[Content]:
    """The author replaces the wording; whoever got the edition before gets this one as well.

    Raises ImpossibleTransition, NothingCorrected, TooManyEditions.
    """
    ensure_in(content, "content.correct", ContentStatus.PUBLISHED)
    if writing == content.writing:
        raise NothingCorrected(edition=content.edition)
    if content.edition >= MOST_EDITIONS:
        raise TooManyEditions(limit=MOST_EDITIONS)
    edition = Edition(number=content.edition + 1, writing=writing, at=now, reason=reason)
    state = content.model_copy(
        update={
            "writing": writing,
            "edition": edition.number,
            "editions": (*content.editions, edition),
            "corrected_at": now,
            "updated_at": now,
            "planning": EditionPlanning(edition=edition.number),
            "reach": None,
        }
    )
    event = told(ContentCorrected, state)
    return Decision(state, rule="content.correct", event=event, note=reason)


def retract(content: Content, reason: str, now: datetime) -> Decision[Content]:
    """Take it back: it leaves the feeds, and what wasn't sent yet is called off by the courier.

    The planning is left to the courier, which still reports whom it had reached. Raises
    ImpossibleTransition.
    """
    ensure_in(content, "content.retract", ContentStatus.PUBLISHED)
    state = content.model_copy(
        update={
            "status": ContentStatus.RETRACTED,
            "retraction_reason": reason,
            "retracted_at": now,
            "updated_at": now,
        }
    )
    event = told(ContentRetracted, state)
    return Decision(state, rule="content.retract", event=event, note=reason)


def _published_or_scheduled(
    content: Content, audience: Audience, at: datetime | None, now: datetime, *, addressed: bool
) -> Decision[Content]:
    chosen = content.model_copy(update={"audience": audience, "addressed": addressed})
    if at is None:
        return _published(chosen.model_copy(update={"publish_at": None}), now)
    if at <= now:
        raise PublicationTimePast(field="/at", at=at.isoformat())
    state = chosen.model_copy(
        update={"status": ContentStatus.SCHEDULED, "publish_at": at, "updated_at": now}
    )
    return Decision(state, rule=PUBLISH)


def _published(content: Content, now: datetime) -> Decision[Content]:
    first = Edition(number=1, writing=content.writing, at=now)
    state = content.model_copy(
        update={
            "status": ContentStatus.PUBLISHED,
            "edition": first.number,
            "editions": (first,),
            "published_at": now,
            "updated_at": now,
            "planning": EditionPlanning(edition=first.number),
            "return_reason": None,
        }
    )
    return Decision(state, rule=PUBLISH, event=told(ContentPublished, state))
