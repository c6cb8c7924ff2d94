"""Where keys come from: files and addresses, read rarely, remembered while nobody answers."""

import asyncio
import json
from typing import Any

import pytest

from kentongan.http import authenticator
from kentongan.http.auth.keys import MAX_AGE_SECONDS, MIN_PAUSE_SECONDS
from kentongan.http.problems.refusals import KeysUnavailable
from kentongan.settings import AuthSettings
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


async def test_a_crowd_at_the_door_reads_the_keys_once() -> None:
    provider = Provider()
    trusted = provider.authenticator()
    callers = await asyncio.gather(*(trusted.caller(token()) for _ in range(20)))
    assert {caller.sub for caller in callers} == {"u-1"}
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
    assert provider.reads == 3


async def test_a_withdrawn_key_is_forgotten_and_a_new_one_found() -> None:
    provider = Provider()
    keys = provider.keys()
    assert await keys.key("es") is not None
    provider.document = json.dumps({"keys": [{**KEYS[0], "kid": "es-2"}]}).encode()
    provider.now += MIN_PAUSE_SECONDS
    assert await keys.key("es-2") is not None
    assert await keys.key("es") is None


@pytest.mark.parametrize("document", [b"<html>", b"[]", b'{"keys": 7}', b" " * 300_000])
async def test_old_keys_serve_while_the_provider_is_away_or_talks_nonsense(
    document: bytes,
) -> None:
    provider = Provider()
    keys = provider.keys()
    assert await keys.key("es") is not None
    provider.document = document
    provider.now += MAX_AGE_SECONDS
    assert await keys.key("es") is not None
    assert provider.reads == 2


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
