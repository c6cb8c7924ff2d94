"""The identity provider's public keys: from a URL or a file, kept, refreshed within bounds."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import httpx
import jwt
import structlog

from kentongan.http.problems.refusals import KeysUnavailable

MAX_AGE_SECONDS = 600.0
"""A key set is read again after this time, so that a withdrawn key is forgotten."""
MIN_PAUSE_SECONDS = 30.0
"""Unknown key ids can't make us read more often than this."""
READ_SECONDS = 5.0
KEY_SET_LIMIT = 262_144

ReadKeySet = Callable[[], Awaitable[bytes]]

_logger = structlog.get_logger(__name__)


def key_set_file(path: Path) -> ReadKeySet:
    """Read the key set from a file; a mounted secret may change under a running process."""

    async def read() -> bytes:
        return await asyncio.to_thread(path.read_bytes)

    return read


def key_set_url(url: str) -> ReadKeySet:
    """Read the key set from an address. Redirects aren't followed."""

    async def read() -> bytes:
        async with httpx.AsyncClient(timeout=READ_SECONDS) as client:
            response = await client.get(url, headers={"Accept": "application/json"})
            response.raise_for_status()
            return response.content

    return read


class KeySet:
    """Keys by id. Old keys serve while a refresh fails; without any, KeysUnavailable."""

    def __init__(
        self,
        read: ReadKeySet,
        algorithms: Sequence[str],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._algorithms = frozenset(algorithms)
        self._monotonic = monotonic
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at: float | None = None
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> jwt.PyJWK | None:
        """The key of this id, or None where the provider has none."""
        if self._is_due(kid):
            async with self._lock:
                if self._is_due(kid):
                    await self._refresh()
        if self._read_at is None:
            raise KeysUnavailable
        return self._keys.get(kid)

    def _is_due(self, kid: str) -> bool:
        now = self._monotonic()
        if self._tried_at is not None and now - self._tried_at < MIN_PAUSE_SECONDS:
            return False
        aged = self._read_at is None or now - self._read_at >= MAX_AGE_SECONDS
        return aged or kid not in self._keys

    async def _refresh(self) -> None:
        self._tried_at = self._monotonic()
        try:
            self._keys = self._parsed(await self._read())
        except (httpx.HTTPError, OSError, ValueError, jwt.PyJWTError) as error:
            _logger.warning("keys.unreadable", error=type(error).__name__)
            return
        self._read_at = self._tried_at
        _logger.info("keys.read", keys=len(self._keys))

    def _parsed(self, document: bytes) -> dict[str, jwt.PyJWK]:
        """Signing keys of pinned algorithms only; others in the set are none of our business."""
        if len(document) > KEY_SET_LIMIT:
            raise ValueError("the key set is too large")
        found = json.loads(document)
        entries = found.get("keys") if isinstance(found, dict) else None
        if not isinstance(entries, list):
            raise ValueError("not a key set")  # noqa: TRY004 - a broken document, no wrong argument
        keys: dict[str, jwt.PyJWK] = {}
        for entry in entries:
            if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
                continue
            try:
                key = jwt.PyJWK.from_dict(entry)
            except (jwt.PyJWTError, ValueError, TypeError):
                continue
            if key.key_id is not None and key.algorithm_name in self._algorithms:
                keys[key.key_id] = key
        return keys
