"""A content: written by the city or a group, reviewed, published, corrected, taken back."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from kentongan.contracts.broadcast import ContentLink, ContentReach, ContentState
from kentongan.domain.state import State
from services.broadcast.domain.audiences import Audience
from services.broadcast.domain.editions import Edition, Writing
from services.broadcast.domain.errors import ImpossibleTransition

E = TypeVar("E", bound=ContentState)


class ContentKind(StrEnum):
    """What a content is for."""

    INFORMATION = "information"
    POTENTIAL = "potential"
    ACHIEVEMENT = "achievement"
    CLARIFICATION = "clarification"
    ACTIVITY = "activity"


CITY_ONLY = frozenset({ContentKind.INFORMATION, ContentKind.CLARIFICATION})


class Author(StrEnum):
    """Who speaks: an office or a group, never a person."""

    CITY = "city"
    KIM = "kim"


class ContentStatus(StrEnum):
    """A content's life."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    RETRACTED = "retracted"


PUBLIC = frozenset({ContentStatus.PUBLISHED, ContentStatus.RETRACTED})


class PlanningStatus(StrEnum):
    """How far the courier is with an edition's deliveries."""

    PLANNING = "planning"
    COMPLETE = "complete"
    """All deliveries are planned; some may be left to be sent."""
    DELIVERED = "delivered"
    """None is left to be sent, and the reach is known."""


class EditionPlanning(State):
    """The deliveries of the newest edition, as the courier plans them."""

    edition: int
    status: PlanningStatus = PlanningStatus.PLANNING
    groups: int = 0
    """Groups addressed, once the planning is complete."""
    completed_at: datetime | None = None


class Reach(State):
    """What became of an edition's deliveries; see `ContentReach`."""

    edition: int
    groups: int
    delivered: int
    failed: int
    cancelled: int
    late: int


class Content(State):
    """The whole state. `writing` is the newest wording, `editions` those published so far."""

    content_id: str
    kind: ContentKind
    author: Author
    kim_id: str | None
    region_code: str
    """Of the author's city or region."""
    status: ContentStatus = ContentStatus.DRAFT
    writing: Writing
    audience: Audience
    addressed: bool = True
    """False where a group published it by itself: it stands in feeds, no group's inbox."""
    edition: int = 0
    editions: tuple[Edition, ...] = ()
    publish_at: datetime | None = None
    published_at: datetime | None = None
    corrected_at: datetime | None = None
    retracted_at: datetime | None = None
    updated_at: datetime
    """When a person last changed it: lists and feeds go by it, newest first."""
    return_reason: str | None = None
    retraction_reason: str | None = None
    planning: EditionPlanning | None = None
    reach: Reach | None = None

    @property
    def is_public(self) -> bool:
        """Whether anyone may read it: it was published, though perhaps taken back since."""
        return self.status in PUBLIC

    def public_state(self) -> dict[str, object]:
        """The fields of the content's events. Only for what was published once."""
        if self.published_at is None:
            raise ValueError("an unpublished content has no public state")
        return {
            "content_id": self.content_id,
            "kind": self.kind.value,
            "author": self.author.value,
            "kim_id": self.kim_id,
            "region_code": self.region_code,
            "status": self.status.value,
            "edition": self.edition,
            "title": self.writing.title,
            "summary": self.writing.summary,
            "body": self.writing.body,
            "links": [ContentLink(**link.model_dump()) for link in self.writing.links],
            "tags": list(self.writing.tags),
            "audience": self.audience.published(),
            "published_at": self.published_at,
            "corrected_at": self.corrected_at,
            "retracted_at": self.retracted_at,
            "reach": ContentReach(**self.reach.model_dump()) if self.reach else None,
        }


def told(event: type[E], content: Content) -> E:
    """An event of the content as it now is."""
    return event.model_validate(content.public_state())


def ensure_in(content: Content, command: str, *allowed: ContentStatus) -> None:
    """Raises ImpossibleTransition unless the content has one of these statuses."""
    if content.status not in allowed:
        raise ImpossibleTransition(status=content.status.value, command=command)
