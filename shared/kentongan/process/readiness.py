"""Whether a process may be sent requests: looked at in the background, answered at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import structlog

from kentongan.domain.clock import utc_now
from kentongan.process.clocks import Clocks
from kentongan.storage.driver import Database, greet
from kentongan.storage.errors import StorageUnavailable

WAITING_SECONDS = 0.1
"""Between looks while something is missing: a start is seen as soon as it is over."""
LOOK_SECONDS = 3.0
"""Between looks while all is well; each costs the database one command."""
BUILT_SECONDS = 10.0
"""How long read models that are built are taken to be: only an operator takes them away."""
OLDEST_SECONDS = 8.0
"""A look that is older says nothing any more: the database doesn't answer."""

_log = structlog.get_logger(__name__)


class Readiness:
    """Looks at the database and the read models from time to time; everything else is known.

    `keys` says whether anybody can be let in, `prepared` whether storage is in order.
    """

    def __init__(
        self,
        *,
        database: Database,
        read_models_built: Callable[[], Awaitable[bool]],
        clocks: Clocks,
        prepared: Callable[[], bool],
        keys: Callable[[], bool] = lambda: True,
        clock: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.ending = False
        self._database = database
        self._read_models_built = read_models_built
        self._clocks = clocks
        self._prepared = prepared
        self._keys = keys
        self._clock = clock
        self._monotonic = monotonic
        self._answered_at: float | None = None
        self._built_at: float | None = None

    async def answer(self) -> Mapping[str, bool]:
        """What the last look saw; all true means ready. Never waits for the database."""
        fresh = self._answered_at is not None
        return {
            "serving": not self.ending,
            "prepared": self._prepared(),
            "keys": self._keys(),
            "mongo": fresh and self._age(self._answered_at) < OLDEST_SECONDS,
            "read_models": self._built_at is not None,
        }

    async def look(self) -> None:
        """Ask the database now."""
        asked = self._monotonic()
        try:
            self._clocks.compare(await greet(self._database, self._clock))
            if self._built_at is None or self._age(self._built_at) >= BUILT_SECONDS:
                self._built_at = asked if await self._read_models_built() else None
        except Exception as error:  # noqa: BLE001 - a look that can't be made has failed
            if self._answered_at is not None:
                known = isinstance(error, StorageUnavailable)
                _log.warning("readiness.lost", reason=str(error) if known else type(error).__name__)
            self._answered_at = None
            return
        # From when it was asked: what was true then may have ended while the answer came.
        if self._answered_at is None:
            _log.info("readiness.database_answers")
        self._answered_at = asked

    async def keep_looking(self) -> None:
        """Look for as long as the process lives."""
        while True:
            await self.look()
            well = all((await self.answer()).values())
            await asyncio.sleep(LOOK_SECONDS if well else WAITING_SECONDS)

    def _age(self, moment: float | None) -> float:
        return float("inf") if moment is None else self._monotonic() - moment
