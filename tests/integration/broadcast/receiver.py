"""A receiver of webhooks on loopback: a real HTTP server that behaves by the path called."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def webhook_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def content(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    def verified(self, secret: str) -> dict[str, Any]:
        """The body, once the signature is verified as receivers do. Raises where it is not."""
        return dict(Webhook(secret).verify(self.body, self.headers))


@dataclass
class Receiver:
    """What it has received; `answers` maps a path to raw answers, one a call, the last for ever."""

    port: int
    received: list[Received] = field(default_factory=list)
    answers: dict[str, list[bytes | None]] = field(default_factory=dict)
    on_request: Callable[[Received], Any] | None = None
    connections: int = 0
    origin: str = "http://127.0.0.1"

    def url(self, path: str = "/hook") -> str:
        return f"{self.origin}:{self.port}{path}"

    def at(self, path: str = "/hook") -> list[Received]:
        return [each for each in self.received if each.path == path]

    def ids(self, path: str = "/hook") -> list[str]:
        return [each.webhook_id for each in self.at(path)]

    def answer(self, path: str, *answers: bytes | None) -> None:
        """None never answers."""
        self.answers[path] = list(answers)

    def next_answer(self, path: str) -> bytes | None:
        waiting = self.answers.get(path, [status(204)])
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


def status(code: int, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {code} Said", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver for as long as the context lasts; called by its name where it speaks TLS."""
    receiver = Receiver(port=0, origin="https://localhost" if tls else "http://127.0.0.1")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        receiver.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                plain = dict(line.split(": ", 1) for line in head[1:] if line)
                signature = {key.lower(): value for key, value in plain.items()}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                got = Received(head[0].split(" ")[1], signature, body)
                receiver.received.append(got)
                if receiver.on_request is not None:
                    await receiver.on_request(got)
                answer = receiver.next_answer(got.path)
                if answer is None:
                    await asyncio.sleep(60)
                    return
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
