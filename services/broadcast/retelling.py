"""How broadcast tells again what its topic held: see `kentongan republish`."""

from collections.abc import Sequence

from kentongan.contracts.broadcast import (
    CONTENTS,
    ContentCorrected,
    ContentDelivered,
    ContentPublished,
    ContentRetracted,
    ContentState,
)
from kentongan.messaging.republishing import Retelling, Telling, Told
from kentongan.storage.aggregates.document import DecisionEntry
from services.broadcast.domain.contents import Content, ContentStatus, told
from services.broadcast.stores import Stores


def retellings(stores: Stores) -> tuple[Retelling[Content], ...]:
    """A content's public state; its type is the last thing that can have happened to it."""
    return (Retelling(stores.contents, Content, (CONTENTS,), _content),)


async def _content(content: Content, _: Sequence[DecisionEntry]) -> Telling:
    if not content.is_public:
        return Telling()
    return Telling([Told(told(_type(content), content))])


def _type(content: Content) -> type[ContentState]:
    if content.status is ContentStatus.RETRACTED:
        return ContentRetracted
    if content.reach is not None and content.reach.edition == content.edition:
        return ContentDelivered
    return ContentCorrected if content.edition > 1 else ContentPublished
