"""Before a content is public: drafted, edited, submitted for review, returned."""

from datetime import datetime

from kentongan.domain import Decision
from kentongan.domain.kims import Kim
from kentongan.domain.state import State
from services.broadcast.domain.audiences import Audience, ensure_within, own_region
from services.broadcast.domain.contents import (
    CITY_ONLY,
    Author,
    Content,
    ContentKind,
    ContentStatus,
    ensure_in,
)
from services.broadcast.domain.editions import Writing
from services.broadcast.domain.errors import AudienceOfGroup, KindForCityOnly
from services.broadcast.domain.kims import ensure_registered


class Draft(State):
    """What an author hands in. Without an audience it is for the author's whole region."""

    kind: ContentKind
    writing: Writing
    audience: Audience | None = None


def draft_by_city(
    content_id: str, draft: Draft, region_code: str, now: datetime
) -> Decision[Content]:
    """The office of this region writes. Raises AudienceEmpty, AudienceOutsideRegion."""
    audience = draft.audience or own_region(region_code)
    ensure_within(audience, region_code)
    state = Content(
        content_id=content_id,
        kind=draft.kind,
        author=Author.CITY,
        kim_id=None,
        region_code=region_code,
        writing=draft.writing,
        audience=audience,
        updated_at=now,
    )
    return Decision(state, rule="content.draft")


def draft_by_kim(content_id: str, draft: Draft, kim: Kim, now: datetime) -> Decision[Content]:
    """A registered group writes, for its own region; the city may address others in review.

    Raises KimNotRegistered, KindForCityOnly, AudienceOfGroup.
    """
    ensure_registered(kim)
    _ensure_kind(draft.kind, Author.KIM)
    _ensure_own(draft.audience, kim.region_code)
    state = Content(
        content_id=content_id,
        kind=draft.kind,
        author=Author.KIM,
        kim_id=kim.kim_id,
        region_code=kim.region_code,
        writing=draft.writing,
        audience=own_region(kim.region_code),
        updated_at=now,
    )
    return Decision(state, rule="content.draft")


def edit_by_city(
    content: Content, draft: Draft, region_code: str, now: datetime
) -> Decision[Content]:
    """The office changes its own draft, or what is in review, a group's content included.

    `region_code` is the office's, which bounds the audience, for a group's content too. Raises
    ImpossibleTransition, KindForCityOnly, AudienceEmpty, AudienceOutsideRegion.
    """
    own = content.author is Author.CITY
    allowed = (ContentStatus.DRAFT, ContentStatus.IN_REVIEW) if own else (ContentStatus.IN_REVIEW,)
    ensure_in(content, "content.edit", *allowed)
    _ensure_kind(draft.kind, content.author)
    audience = draft.audience or own_region(content.region_code)
    ensure_within(audience, region_code)
    return _edited(content, draft, audience, now)


def edit_by_kim(content: Content, draft: Draft, now: datetime) -> Decision[Content]:
    """A group changes its draft. Raises ImpossibleTransition, KindForCityOnly, AudienceOfGroup."""
    ensure_in(content, "content.edit", ContentStatus.DRAFT)
    _ensure_kind(draft.kind, Author.KIM)
    _ensure_own(draft.audience, content.region_code)
    return _edited(content, draft, own_region(content.region_code), now)


def submit(content: Content, now: datetime) -> Decision[Content]:
    """Ask the office to look at a draft. Raises ImpossibleTransition."""
    ensure_in(content, "content.submit", ContentStatus.DRAFT)
    state = content.model_copy(
        update={"status": ContentStatus.IN_REVIEW, "return_reason": None, "updated_at": now}
    )
    return Decision(state, rule="content.submit")


def return_to_draft(content: Content, reason: str, now: datetime) -> Decision[Content]:
    """Back to the author, from review or before its time came. Raises ImpossibleTransition."""
    ensure_in(content, "content.return", ContentStatus.IN_REVIEW, ContentStatus.SCHEDULED)
    state = content.model_copy(
        update={
            "status": ContentStatus.DRAFT,
            "return_reason": reason,
            "publish_at": None,
            "addressed": True,
            "updated_at": now,
        }
    )
    return Decision(state, rule="content.return", note=reason)


def _edited(content: Content, draft: Draft, audience: Audience, now: datetime) -> Decision[Content]:
    state = content.model_copy(
        update={
            "kind": draft.kind,
            "writing": draft.writing,
            "audience": audience,
            "updated_at": now,
        }
    )
    return Decision(state, rule="content.edit")


def _ensure_kind(kind: ContentKind, author: Author) -> None:
    if author is Author.KIM and kind in CITY_ONLY:
        raise KindForCityOnly(field="/kind", kind=kind.value)


def _ensure_own(audience: Audience | None, region_code: str) -> None:
    if audience is not None and audience != own_region(region_code):
        raise AudienceOfGroup(field="/audience", region_code=region_code)
