"""Where keys come from: files and addresses, read rarely, remembered while nobody answers."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from kentongan.http import authenticator
from kentongan.http.auth import key_documents
from kentongan.http.auth.key_documents import BadKeySet, key_set_file, key_set_url
from kentongan.http.auth.keys import MAX_AGE_SECONDS, MIN_PAUSE_SECONDS
from kentongan.http.problems.refusals import KeysUnavailable
from kentongan.settings import AuthSettings
from tests.support.waiting import eventually
from tests.unit.http.provider import AUDIENCE, ISSUER, KEYS, Provider, token


async def test_keys_are_read_from_a_file(tmp_path: Any) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": KEYS}))
    settings = AuthSettings(jwks_file=path, issuer=ISSUER, audience=AUDIENCE)
    assert (await authenticator(settings, "production").caller(token())).sub == "u-1"


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable", "302 Found"])
async def test_keys_are_read_from_an_address(status: str) -> None:
    document = json.dumps({"keys": KEYS}).encode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\nLocation: /x\r\nContent-Length: {len(document)}\r\n\r\n"
        writer.write(head.encode() + document)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings = AuthSettings(
            jwks_url=f"http://127.0.0.1:{port}/jwks", issuer=ISSUER, audience=AUDIENCE
        )
        trusted = authenticator(settings, "production")
        if status == "200 OK":
            assert (await trusted.caller(token())).sub == "u-1"
        else:
            with pytest.raises(KeysUnavailable):
                await trusted.caller(token())


async def test_a_crowd_at_the_door_shares_one_slow_reading() -> None:
    """All of those who came while it lasted are let in: none is told to come back."""
    provider = Provider()
    provider.gate.clear()
    trusted = provider.authenticator()
    waiting = [asyncio.create_task(trusted.caller(token())) for _ in range(30)]
    await eventually(lambda: provider.reads == 1, what="somebody reads")
    provider.now += 1.0
    waiting += [asyncio.create_task(trusted.caller(token())) for _ in range(30)]
    await asyncio.sleep(0)
    provider.gate.set()
    assert {caller.sub for caller in await asyncio.gather(*waiting)} == {"u-1"}
    assert provider.reads == 1


async def test_who_hangs_up_takes_the_reading_from_nobody() -> None:
    provider = Provider()
    provider.gate.clear()
    keys = provider.keys()
    impatient, patient = (asyncio.create_task(keys.key("es")) for _ in range(2))
    await eventually(lambda: provider.reads == 1, what="somebody reads")
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    provider.gate.set()
    assert await patient is not None
    assert provider.reads == 1


async def test_keys_are_remembered_and_read_again_within_bounds() -> None:
    provider = Provider()
    keys = provider.keys()
    for _ in range(5):
        assert await keys.key("es") is not None
        assert await keys.key("unknown") is None
    assert provider.reads == 1
    provider.now += MIN_PAUSE_SECONDS
    await keys.key("es")
    assert provider.reads == 1
    await keys.key("unknown")
    assert provider.reads == 2
    provider.now += MAX_AGE_SECONDS
    await keys.key("es")
    await eventually(lambda: provider.reads == 3, what="aged keys are read again")


async def test_a_withdrawn_key_is_forgotten_and_a_rotated_one_waited_for_by_all() -> None:
    provider = Provider()
    keys = provider.keys()
    assert await keys.key("es") is not None
    provider.document = json.dumps({"keys": [{**KEYS[0], "kid": "es-2"}]}).encode()
    provider.now += MIN_PAUSE_SECONDS
    provider.gate.clear()
    waiting = [asyncio.create_task(keys.key("es-2")) for _ in range(30)]
    await eventually(lambda: provider.reads == 2, what="somebody reads")
    # Whose key is known isn't kept waiting by it.
    assert await keys.key("es") is not None
    provider.gate.set()
    assert all(await asyncio.gather(*waiting))
    assert await keys.key("es") is None
    assert provider.reads == 2


@pytest.mark.parametrize("document", [b"<html>", b"[]", b'{"keys": 7}', b"[" * 100_000])
async def test_old_keys_serve_while_the_provider_is_away_or_talks_nonsense(
    document: bytes,
) -> None:
    provider = Provider()
    keys = provider.keys()
    assert await keys.key("es") is not None
    provider.document = document
    provider.now += MAX_AGE_SECONDS
    assert not await keys.refresh()
    assert await keys.key("es") is not None
    assert provider.reads == 2


async def test_a_reading_that_fails_unheard_of_takes_nobody_s_keys() -> None:
    provider = Provider()
    keys = provider.keys()
    assert await keys.refresh()
    provider.document = None  # type: ignore[assignment]  # as a defect of a library would
    assert not await keys.refresh()
    assert await keys.key("es") is not None


async def test_a_provider_that_withdraws_all_its_keys_is_obeyed() -> None:
    provider = Provider()
    keys = provider.keys()
    assert await keys.refresh()
    assert keys.usable
    provider.document = b'{"keys": []}'
    assert not await keys.refresh()
    assert not keys.usable
    with pytest.raises(KeysUnavailable):
        await keys.key("es")


async def test_without_any_key_callers_are_asked_to_wait() -> None:
    provider = Provider()
    provider.away = True
    trusted = provider.authenticator()
    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            await trusted.caller(token())
    assert provider.reads == 1
    provider.away = False
    provider.now += MIN_PAUSE_SECONDS
    assert (await trusted.caller(token())).sub == "u-1"


async def test_keys_are_read_without_being_asked_until_there_are_some() -> None:
    provider = Provider()
    provider.away = True
    good: list[float] = []
    keys = provider.keys(on_read=lambda: good.append(provider.now))
    keeping = asyncio.create_task(keys.keep_fresh())
    await eventually(lambda: provider.reads >= 2, what="it tries again")
    assert not keys.usable
    assert good == []
    provider.away = False
    await eventually(lambda: keys.usable, what="the keys are read")
    assert good == [provider.now]
    keeping.cancel()


async def answering(head: str, body: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, list[int]]]:
    """An address that answers so, and how many bytes it could send before it was hung up on."""
    sent = [0]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\n{head}\r\n".encode())
        try:
            async for part in body:
                writer.write(part)
                await writer.drain()
                sent[0] += len(part)
        except OSError:
            pass
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks", sent


async def flood() -> AsyncIterator[bytes]:
    for _ in range(300):
        yield b" " * 2**20


async def drip() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.01)


async def bomb() -> AsyncIterator[bytes]:
    yield gzip.compress(b" " * 2**24)


async def test_a_flood_is_not_read() -> None:
    async for url, sent in answering("", flood()):
        with pytest.raises(BadKeySet, match="more than 262144 bytes"):
            await key_set_url(url)()
        assert sent[0] < 2**25


async def test_a_compressed_answer_is_not_unpacked() -> None:
    async for url, _ in answering("Content-Encoding: gzip\r\n", bomb()):
        with pytest.raises(BadKeySet, match="compressed"):
            await key_set_url(url)()


async def test_an_answer_in_drops_is_waited_for_no_longer_than_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(key_documents, "READ_SECONDS", 0.2)
    async for url, _ in answering("", drip()):
        with pytest.raises(TimeoutError):
            await key_set_url(url)()


async def test_a_file_without_end_is_not_read() -> None:
    with pytest.raises(BadKeySet, match="more than 262144 bytes"):
        await key_set_file(Path("/dev/zero"))()
