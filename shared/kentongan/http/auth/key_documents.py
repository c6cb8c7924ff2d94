"""Where an identity provider's key set is read from, and what in it can be used."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Any

import httpx
import jwt

READ_SECONDS = 5.0
"""The bound on one reading, from the name to the last byte."""
KEY_SET_LIMIT = 262_144

ReadKeySet = Callable[[], Awaitable[bytes]]


class BadKeySet(ValueError):
    """What was read is no key set; the text quotes nothing of it."""


def key_set_file(path: Path) -> ReadKeySet:
    """Read the key set from a file; a mounted secret may change under a running process."""

    def read_bounded() -> bytes:
        with path.open("rb") as file:
            return file.read(KEY_SET_LIMIT + 1)

    async def read() -> bytes:
        document = await asyncio.to_thread(read_bounded)
        _check_size(document)
        return document

    return read


def key_set_url(url: str) -> ReadKeySet:
    """Read the key set from an address. Redirects aren't followed; a flood is not read."""

    async def read() -> bytes:
        async with (
            asyncio.timeout(READ_SECONDS),
            httpx.AsyncClient(timeout=READ_SECONDS) as client,
            # Compressed, few bytes could become many after they were counted.
            client.stream("GET", url, headers=_ASKING) as response,
        ):
            response.raise_for_status()
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise BadKeySet("the key set is compressed, which was not asked for")
            document = bytearray()
            async for part in response.aiter_raw():
                document += part
                _check_size(document)
            return bytes(document)

    return read


def usable_keys(document: bytes, algorithms: Collection[str]) -> dict[str, jwt.PyJWK]:
    """Signing keys of these algorithms by id; others in the set are none of our business.

    Raises BadKeySet.
    """
    keys: dict[str, jwt.PyJWK] = {}
    for entry in key_entries(document):
        if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
            continue
        try:
            key = jwt.PyJWK.from_dict(entry)
        except Exception:  # noqa: BLE001, S112 - whatever it is, it's no key of ours
            continue
        if key.key_id is not None and key.algorithm_name in algorithms:
            keys[key.key_id] = key
    return keys


def key_entries(document: bytes) -> list[Any]:
    """The entries of a key set, whatever they are. Raises BadKeySet."""
    try:
        found = json.loads(document)
    except (ValueError, RecursionError):
        raise BadKeySet("not JSON") from None
    entries = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(entries, list):
        raise BadKeySet("not a key set")
    return entries


_ASKING = {"Accept": "application/json", "Accept-Encoding": "identity"}


def _check_size(document: "bytes | bytearray") -> None:
    if len(document) > KEY_SET_LIMIT:
        raise BadKeySet(f"the key set has more than {KEY_SET_LIMIT} bytes")
