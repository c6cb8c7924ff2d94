"""A TCP proxy between a process and its database or broker, that misbehaves on demand."""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

_CHUNK = 64 * 1024


class TcpProxy:
    """Forwards a loopback port to `target_host:target_port`, which may be set later.

    The counters say what a fault hit: `connections` and `bytes_forwarded` ever, and
    `connections_cut`, `connections_refused`, `bytes_held` by faults.
    """

    def __init__(self, target_host: str = "127.0.0.1", target_port: int = 0) -> None:
        self.target_host = target_host
        self.target_port = target_port
        self.connections = 0
        self.bytes_forwarded = 0
        self.connections_cut = 0
        self.connections_refused = 0
        self.bytes_held = 0
        self._port = 0
        self._bytes_left: int | None = None
        self._marker: bytes | None = None
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._is_cut = False

    @property
    def port(self) -> int:
        """The loopback port that clients connect to; the same from start to stop."""
        return self._port

    @property
    def address(self) -> str:
        """`host:port` that clients connect to."""
        return f"127.0.0.1:{self._port}"

    @property
    def hits(self) -> int:
        """How often a fault met something; a test that ends with 0 has tested nothing."""
        return self.connections_cut + self.connections_refused + self.bytes_held

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen on a free loopback port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Drop everything and stop listening."""
        if self._server is not None:
            self._server.close()
            await self._drop_all()
            self._server = None

    async def cut(self) -> None:
        """Drop all connections, and drop each new one at once, until `restore`."""
        self._is_cut = True
        self.connections_cut += await self._drop_all()

    def restore(self) -> None:
        """Forward again, after `cut` or `cut_after`."""
        self._is_cut = False
        self._bytes_left = None

    def stall(self) -> None:
        """Accept connections and bytes, but hand nothing on, either way, until `resume`."""
        self._flowing.clear()

    def stall_at(self, marker: bytes) -> None:
        """Stall as soon as bytes with this marker come, either way; they are the first held."""
        self._marker = marker

    def resume(self) -> None:
        """Hand on what was held, and everything after it."""
        self._marker = None
        self._flowing.set()

    def cut_after(self, byte_count: int) -> None:
        """Cut in the middle of things, when this many more bytes have passed, both ways added."""
        self._bytes_left = byte_count

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            self.connections_refused += 1
            writer.transport.abort()
            return
        self.connections += 1
        connection = asyncio.ensure_future(self._connect(reader, writer))
        self._open.add(connection)

        def ended(_: "asyncio.Task[None]") -> None:
            # One that is cut before its first step runs nothing of its own, not even its end.
            self._open.discard(connection)
            writer.transport.abort()

        connection.add_done_callback(ended)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers = [writer]
        pumps: list[asyncio.Task[None]] = []
        try:
            there, back = await asyncio.open_connection(self.target_host, self.target_port)
            writers.append(back)
            pumps = [
                asyncio.ensure_future(self._pump(reader, back)),
                asyncio.ensure_future(self._pump(there, writer)),
            ]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass
        finally:
            for pump in pumps:
                pump.cancel()
            for each in writers:
                each.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(_CHUNK):
                if self._marker is not None and self._marker in chunk:
                    self._marker = None
                    self.stall()
                if not self._flowing.is_set():
                    self.bytes_held += len(chunk)
                    await self._flowing.wait()
                passing = chunk if self._bytes_left is None else chunk[: self._bytes_left]
                sink.write(passing)
                await sink.drain()
                self.bytes_forwarded += len(passing)
                if self._bytes_left is not None:
                    self._bytes_left -= len(passing)
                    if self._bytes_left <= 0:
                        self._cut_now()
                        return

    def _cut_now(self) -> None:
        self._is_cut = True
        self._bytes_left = None
        self.connections_cut += len(self._open)
        for connection in list(self._open):
            connection.cancel()

    async def _drop_all(self) -> int:
        dropped = list(self._open)
        for connection in dropped:
            connection.cancel()
        await asyncio.gather(*dropped, return_exceptions=True)
        return len(dropped)
