import asyncio
from collections.abc import AsyncIterator

import pytest

from kentongan.testing.tcp_proxy import TcpProxy


@pytest.fixture
async def proxy() -> AsyncIterator[TcpProxy]:
    """A proxy before a server that says everything back."""

    async def say_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(1024):
            writer.write(chunk)
        writer.close()

    server = await asyncio.start_server(say_back, "127.0.0.1", 0)
    async with TcpProxy("127.0.0.1", server.sockets[0].getsockname()[1]) as standing_between:
        yield standing_between
    server.close()


class Client:
    def __init__(self, proxy: TcpProxy) -> None:
        self._proxy = proxy

    async def __aenter__(self) -> "Client":
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._proxy.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    def say(self, words: bytes) -> None:
        self._writer.write(words)

    async def hear(self, count: int, seconds: float = 5) -> bytes:
        async with asyncio.timeout(seconds):
            return await self._reader.readexactly(count)

    async def is_dropped(self) -> bool:
        try:
            async with asyncio.timeout(5):
                await self._reader.read()
        except ConnectionError:
            pass
        except TimeoutError:
            return False
        return True


async def test_it_forwards_and_counts(proxy: TcpProxy) -> None:
    async with Client(proxy) as client:
        client.say(b"halo")
        assert await client.hear(4) == b"halo"
    assert (proxy.connections, proxy.bytes_forwarded, proxy.hits) == (1, 8, 0)


async def test_a_cut_drops_what_is_open_and_refuses_what_comes(proxy: TcpProxy) -> None:
    async with Client(proxy) as before:
        before.say(b"halo")
        await before.hear(4)
        await proxy.cut()
        assert await before.is_dropped()
    async with Client(proxy) as during:
        assert await during.is_dropped()
    assert (proxy.connections_cut, proxy.connections_refused) == (1, 1)
    proxy.restore()
    async with Client(proxy) as after:
        after.say(b"lagi")
        assert await after.hear(4) == b"lagi"


async def test_a_stall_holds_bytes_and_hands_them_on_later(proxy: TcpProxy) -> None:
    async with Client(proxy) as client:
        proxy.stall()
        client.say(b"halo")
        with pytest.raises(TimeoutError):
            await client.hear(4, seconds=0.2)
        assert proxy.bytes_held == 4
        proxy.resume()
        assert await client.hear(4) == b"halo"


async def test_a_cut_after_some_bytes_lets_exactly_those_through(proxy: TcpProxy) -> None:
    proxy.cut_after(6)
    async with Client(proxy) as client:
        client.say(b"halo")
        assert await client.is_dropped()
    assert proxy.bytes_forwarded == 6
    assert proxy.connections_cut == 1


async def test_a_cut_drops_a_connection_that_has_just_come(proxy: TcpProxy) -> None:
    for number in range(1, 21):
        async with Client(proxy) as client:
            while proxy.connections < number:
                await asyncio.sleep(0)
            await proxy.cut()
            assert await client.is_dropped()
        proxy.restore()
