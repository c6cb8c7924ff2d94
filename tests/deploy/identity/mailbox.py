"""A mail server that only takes: what Keycloak sends to people, so that a test can read it."""

import asyncio
import email
import email.policy
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from kentongan.local.ports import LOOPBACK, free_port


class Mailbox:
    """All mail to everybody, on a loopback port."""

    def __init__(self) -> None:
        self.port = free_port()
        self._taken: list[tuple[str, str]] = []

    def link_to(self, address: str, *, seconds: float = 60) -> str:
        """The link in the newest mail to an address; that mail is gone then."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for place in reversed(range(len(self._taken))):
                if self._taken[place][0] == address:
                    found = re.search(r"https?://\S+", self._taken.pop(place)[1])
                    assert found is not None
                    return found.group(0)
            time.sleep(0.05)
        raise AssertionError(f"no mail to {address}")

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """As much of RFC 5321 as a client needs that has one mail to leave."""
        recipient = ""
        writer.write(b"220 mailbox\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(b"354 go on\r\n")
                self._take(recipient, await reader.readuntil(b"\r\n.\r\n"))
            elif verb == b"RCPT":
                recipient = line.decode().partition("<")[2].partition(">")[0]
            writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                break
        await writer.drain()
        writer.close()

    def _take(self, recipient: str, raw: bytes) -> None:
        message = email.message_from_bytes(raw.removesuffix(b".\r\n"), policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        assert body is not None
        self._taken.append((recipient, str(body.get_content())))

    async def _serve(self, ready: threading.Event, ending: asyncio.Event) -> None:
        async with await asyncio.start_server(self._talk, LOOPBACK, self.port):
            ready.set()
            await ending.wait()


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A mailbox in a thread of its own, which no test's event loop has to keep running."""
    box, ready, loop = Mailbox(), threading.Event(), asyncio.new_event_loop()
    ending = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(box._serve(ready, ending),))
    thread.start()
    assert ready.wait(10)
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(10)
        loop.close()
