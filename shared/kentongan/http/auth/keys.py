"""The identity provider's public keys: kept, and read again within bounds."""

import asyncio
import time
from collections.abc import Callable, Sequence

import httpx
import jwt
import structlog

from kentongan.http.auth.key_documents import ReadKeySet, usable_keys
from kentongan.http.problems.refusals import KeysUnavailable

MAX_AGE_SECONDS = 600.0
"""Keys that are older are read again when one is asked for, should nobody keep them fresh."""
FRESH_SECONDS = 300.0
"""How often they are read without being asked, so that a withdrawn key is forgotten."""
MIN_PAUSE_SECONDS = 5.0
"""Unknown key ids can't make us read more often than this; so long may a rotated key be unknown."""
KEYLESS_PAUSE_SECONDS = 1.0
"""Between tries as long as there is no key at all, and nobody can be let in."""
RETRY_PAUSE_SECONDS = 30.0
"""Between tries while the keys that there are still serve."""
REPEAT_SECONDS = 60.0
"""So seldom is the same failure said again."""

_logger = structlog.get_logger(__name__)


class KeySet:
    """Keys by id. Old keys serve while a reading fails; without any, KeysUnavailable.

    All who need a reading share the one that is under way. `on_read` is told of each good one.
    """

    def __init__(
        self,
        read: ReadKeySet,
        algorithms: Sequence[str],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        on_read: Callable[[], None] = lambda: None,
    ) -> None:
        self.on_read = on_read
        self._read = read
        self._algorithms = frozenset(algorithms)
        self._monotonic = monotonic
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._reading: asyncio.Task[bool] | None = None
        self._said: tuple[str, float] | None = None

    @property
    def usable(self) -> bool:
        """Whether anybody can be let in: a key set was read, and held a key that we accept."""
        return bool(self._keys)

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """The key of this id, or None where the provider has none.

        A known key is never waited for, an unknown one for one reading at most.
        """
        known = self._keys.get(kid)
        if known is not None:
            if self._aged and self._may_read:
                self._begin_reading()
            return known
        if self._reading is not None or self._may_read:
            await self.refresh()
        if not self._keys:
            raise KeysUnavailable
        return self._keys.get(kid)

    async def refresh(self) -> bool:
        """Read the keys, or wait for whoever is reading them; whether it went well."""
        # Shielded: a caller who hangs up takes the reading from nobody else.
        return await asyncio.shield(self._begin_reading())

    async def keep_fresh(self) -> None:
        """Read at once, again until there are keys, and then from time to time; never returns."""
        while True:
            if await self.refresh():
                await asyncio.sleep(FRESH_SECONDS)
            else:
                await asyncio.sleep(RETRY_PAUSE_SECONDS if self._keys else KEYLESS_PAUSE_SECONDS)

    @property
    def _aged(self) -> bool:
        return self._read_at is None or self._monotonic() - self._read_at >= MAX_AGE_SECONDS

    @property
    def _may_read(self) -> bool:
        return self._tried_at is None or self._monotonic() - self._tried_at >= MIN_PAUSE_SECONDS

    def _begin_reading(self) -> "asyncio.Task[bool]":
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_once(), name="key-set")
            self._reading.add_done_callback(self._ended)
        return self._reading

    def _ended(self, _: "asyncio.Task[bool]") -> None:
        self._reading = None

    async def _read_once(self) -> bool:
        self._tried_at = began = self._monotonic()
        try:
            keys = usable_keys(await self._read(), self._algorithms)
        except Exception as error:  # noqa: BLE001 - whatever it is, the keys that we have serve on
            self._say(reason_of(error))
            return False
        self._keys, self._read_at = keys, began
        if not keys:
            self._say(f"no key of {', '.join(sorted(self._algorithms))} in it")
            return False
        self._said = None
        _logger.info("keys.read", keys=len(keys))
        self.on_read()
        return True

    def _say(self, problem: str) -> None:
        """A problem that lasts is said when it begins and then seldom."""
        now = self._monotonic()
        if self._said is None or self._said[0] != problem or now - self._said[1] >= REPEAT_SECONDS:
            self._said = (problem, now)
            _logger.warning("keys.unreadable", problem=problem, keys=len(self._keys))


def reason_of(error: Exception) -> str:
    """What an operator can act on. The address isn't shown: it may hold a password."""
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    words = str(error) if isinstance(error, httpx.HTTPError | ValueError) else ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
