"""A receiver of webhooks in a process of its own: answers every request with 204, at once.

It speaks only as much HTTP/1.1 as the bench's clients do: a body has a Content-Length.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"


class Receiving(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is there to its end."""
        self._unread += data
        while (length := request_length(self._unread)) is not None:
            self._unread = self._unread[length:]
            assert isinstance(self._transport, asyncio.Transport)
            self._transport.write(ANSWER)


def request_length(unread: bytes) -> int | None:
    """How long the first request is, head and body; None while some of it is missing."""
    head, end, rest = unread.partition(_END_OF_HEAD)
    if not end:
        return None
    lines = (line.lower() for line in head.split(b"\r\n"))
    length = next((int(line[len(_LENGTH) :]) for line in lines if line.startswith(_LENGTH)), 0)
    return len(head) + len(end) + length if len(rest) >= length else None


@asynccontextmanager
async def receiver() -> AsyncIterator[str]:
    """The address of a receiver, which ends with the context."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.receiving",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdin is None or process.stdout is None:
        raise AssertionError("asked for pipes")
    try:
        port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        process.stdin.close()
        await process.wait()


async def main() -> None:
    """Say on which port, receive until the standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Receiving, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
