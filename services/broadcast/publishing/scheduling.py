"""Contents whose time has come are published, level-triggered: whoever finds them first."""

from datetime import datetime

import structlog

from kentongan.domain import Decision
from kentongan.domain.kims import KimStatus
from kentongan.process.own_commands import own_command
from kentongan.storage.aggregates.store import Stored
from kentongan.storage.errors import TooManyConflicts
from services.broadcast.domain.contents import Author, Content, ContentStatus
from services.broadcast.domain.drafting import return_to_draft
from services.broadcast.domain.errors import ImpossibleTransition, PublicationNotDue
from services.broadcast.domain.publishing import publish_due
from services.broadcast.publishing.receipts import content_receipt
from services.broadcast.read_models import KimDirectory
from services.broadcast.stores import Stores

ACTOR = "courier:publish-due"
AT_ONCE = 100
"""Contents that one turn publishes; the next takes more."""
NOT_REGISTERED = "KIM tidak terdaftar lagi. / The group is no longer registered."

_log = structlog.get_logger(__name__)


class Scheduling:
    """Publishes what is due. Safe to run in several processes at once, and to repeat."""

    def __init__(self, stores: Stores, kims: KimDirectory) -> None:
        self._stores = stores
        self._kims = kims

    async def publish_due(self, now: datetime) -> int:
        """Publish what was scheduled for `now` or earlier; how many became public.

        What a group has set itself goes back to its drafts where it is no longer registered.
        """
        due = await self._stores.contents.find(
            {
                "state.status": ContentStatus.SCHEDULED.value,
                "state.publish_at": {"$lte": now},
            },
            sort=(("state.publish_at", 1),),
            limit=AT_ONCE,
            without=("editions",),
        )
        return sum([await self._publish(each, now) for each in due])

    async def _publish(self, stored: Stored[Content], now: datetime) -> int:
        refused = await self._lost_its_author(stored.state)

        def decide(content: Content) -> Decision[Content]:
            due = publish_due(content, now)
            return return_to_draft(content, NOT_REGISTERED, now) if refused else due

        name = "content.return" if refused else "content.publish"
        command = own_command(name, ACTOR, now, key=f"{stored.id}:{stored.version}:due")
        try:
            await self._stores.contents.change(stored.id, decide, command, content_receipt)
        except (PublicationNotDue, ImpossibleTransition, TooManyConflicts):
            _log.info("content.changed_meanwhile", content_id=stored.id)
            return 0
        return 0 if refused else 1

    async def _lost_its_author(self, content: Content) -> bool:
        if content.author is not Author.KIM or content.addressed or content.kim_id is None:
            return False
        known = await self._kims.known(content.kim_id)
        return known is not None and known.kim.status != KimStatus.REGISTERED
