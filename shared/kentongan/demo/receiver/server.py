"""The receiver: addresses that answer, are down for a while, or hang; and a way to ask it.

A season tells it over `/control/…` which secrets to believe, when to recover, and reads
what it took. Whoever reaches the port may do so: it is for trials, never for a city at work.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, Field

from kentongan.demo.receiver.manner import Manner
from kentongan.demo.receiver.receipts import Book, Receipts, Unverified
from kentongan.local.ports import LOOPBACK
from kentongan.process.web_server import WebServer
from kentongan.settings import HttpSettings

CONTROL = "/control"
STARTING_SECONDS = 10.0
DRAIN_SECONDS = 2


class ChannelSecret(BaseModel):
    """What a channel's registration answered."""

    secret: str = Field(pattern=r"^whsec_[A-Za-z0-9+/=]+$")


class WebhookReceiver:
    """Takes webhooks at `/{manner}/{name}`, and notes them in a book, one for each season."""

    def __init__(self) -> None:
        self._book = Book()
        self._recovered = asyncio.Event()
        self._ending = asyncio.Event()

    async def begin(self) -> None:
        """A new season: nothing was taken yet, nobody is believed, what was down is down."""
        self._ending.set()
        self._book, self._recovered, self._ending = Book(), asyncio.Event(), asyncio.Event()

    async def trust(self, name: str, channel: ChannelSecret) -> Response:
        """Requests for this channel will be signed with this secret."""
        try:
            self._book.trust(name, channel.secret)
        except ValueError:
            return Response(status_code=400)
        return Response(status_code=204)

    async def recover(self) -> None:
        """The addresses that were down are up again."""
        self._recovered.set()

    async def receipts(self) -> Receipts:
        """What was taken, and what else happened."""
        return self._book.receipts

    def end(self) -> None:
        """Let go of the requests that were never to be answered."""
        self._ending.set()

    async def take(self, manner: Manner, name: str, request: Request) -> Response:
        """Verify first, then behave: a signature must hold at every address."""
        book, ending, body = self._book, self._ending, await request.body()
        try:
            delivery_id, kind = book.verify(name, dict(request.headers), body)
        except Unverified:
            return Response(status_code=400)
        if manner is Manner.SILENT:
            book.receipts.unanswered += 1
            await ending.wait()
            return Response(status_code=503)
        if manner is Manner.FAILING and not self._recovered.is_set():
            book.receipts.unavailable += 1
            return Response(status_code=503)
        book.receipts.take(delivery_id, kind)
        return Response(status_code=204)

    def application(self) -> FastAPI:
        """Its routes: control first, as an address for webhooks has the same form."""
        application = FastAPI(openapi_url=None)
        for method, path, answer in (
            ("DELETE", f"{CONTROL}/receipts", self.begin),
            ("GET", f"{CONTROL}/receipts", self.receipts),
            ("POST", f"{CONTROL}/recovery", self.recover),
            ("PUT", f"{CONTROL}/channels/{{name}}", self.trust),
        ):
            application.add_api_route(path, answer, methods=[method])
        application.add_api_route(
            "/{manner}/{name}", self.take, methods=["POST"], response_model=None
        )
        return application


@asynccontextmanager
async def serving(*, host: str = LOOPBACK, port: int) -> AsyncIterator[None]:
    """A receiver at this address until the end; raises what keeps it from listening."""
    receiver = WebhookReceiver()
    settings = HttpSettings(host=host, port=port, drain_seconds=DRAIN_SECONDS)
    server = WebServer(receiver.application(), settings)
    try:
        async with asyncio.timeout(STARTING_SECONDS):
            while not server.started:
                if server.serving.done():
                    await server.serving
                await asyncio.sleep(0.02)
        yield
    finally:
        receiver.end()
        await server.drain()
