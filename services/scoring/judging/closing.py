"""Stages are closed level-triggered: whoever holds the lease takes every competition left closing.

No transaction spans the entries. Each is sealed by a guarded write of its own, so a score that was
answered lies in the document that is sealed, and a later one finds it sealed. What is left to do
is found by query, so a closing of a process that crashed goes on at the next start, or within a
minute; two that close the same stage write the same. A stage with an activity criterion waits while
what groups did isn't known. See docs/adr/0012-closing-seals-entries.md.
"""

from collections.abc import AsyncIterator, Collection

import structlog

from kentongan.domain.calendar import Calendar
from kentongan.messaging.led_work import LedWork
from kentongan.process.own_commands import own_command
from kentongan.storage.aggregates.store import Stored
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageError
from services.scoring.domain.competitions import Competition, CompetitionStatus
from services.scoring.domain.errors import StageIsClosed
from services.scoring.domain.running import finish_closing
from services.scoring.judging.counting import ActivityCounting, DoingsUnknown
from services.scoring.judging.receipts import competition_receipt
from services.scoring.judging.sealing import Sealing
from services.scoring.stores import Stores

ACTOR = "reaction:resume-closings"
TASK = "stage-closing"
WAITING_SEEN = 100

_log = structlog.get_logger(__name__)


class StageClosing:
    """Closes stages, one at a time over all processes of the service."""

    def __init__(
        self,
        database: Database,
        stores: Stores,
        counting: ActivityCounting,
        calendar: Calendar,
        *,
        chunk: int,
    ) -> None:
        self._led = LedWork(
            database,
            TASK,
            left=self._left,
            work=self._close,
            interrupted="stage.closing_interrupted",
        )
        self._left_aside: set[str] = set()
        """Competitions that can't be closed in this run: a defect, or what they wait for."""
        self._stores = stores
        self._counting = counting
        self._calendar = calendar
        self._chunk = chunk

    def wake(self) -> None:
        """Begin in the background, after a closing was begun in this process."""
        self._led.wake()

    async def resume(self) -> int:
        """The reaction: begin where closings wait that nobody works on; returns how many.

        It only begins, since a closing may take a minute and other reactions must not wait for it.
        """
        waiting = len(await self._waiting(()))
        if waiting:
            self.wake()
        return waiting

    async def _left(self) -> AsyncIterator[Stored[Competition]]:
        self._left_aside.clear()
        while waiting := await self._waiting(self._left_aside):
            yield waiting[0]

    async def _waiting(self, but: Collection[str]) -> list[Stored[Competition]]:
        return await self._stores.competitions.find(
            {"state.status": CompetitionStatus.CLOSING.value, "_id": {"$nin": sorted(but)}},
            limit=WAITING_SEEN,
        )

    async def _close(self, waiting: Stored[Competition]) -> None:
        """Close one; what stands in its way leaves it closing, and keeps no other waiting."""
        try:
            await self._close_stage(waiting.state)
        except StorageError:
            raise
        except DoingsUnknown as unknown:
            _log.warning("stage.closing_waits", competition_id=waiting.id, why=str(unknown))
            self._left_aside.add(waiting.id)
        except Exception:  # noqa: BLE001 - whatever the defect is, the others must go on
            _log.exception("stage.closing_failed", competition_id=waiting.id)
            self._left_aside.add(waiting.id)

    async def _close_stage(self, competition: Competition) -> None:
        closing = competition.closing
        if closing is None:
            return
        sealing = Sealing(
            self._stores.entries,
            self._counting,
            competition,
            closing,
            chunk=self._chunk,
            command=own_command("stage.seal", ACTOR, self._calendar.now()),
        )
        await sealing.seal()
        entries, qualified = await sealing.rank()
        now = self._calendar.now()
        try:
            await self._stores.competitions.change(
                competition.competition_id,
                lambda state: finish_closing(state, closing.stage, entries, qualified, now),
                own_command("stage.seal", ACTOR, now),
                competition_receipt,
            )
        except StageIsClosed:
            _log.info("stage.closed_elsewhere", competition_id=competition.competition_id)
