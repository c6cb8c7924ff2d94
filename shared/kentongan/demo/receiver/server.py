"""The receiver's addresses: one that answers, one that is down for a while, one that hangs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum

from fastapi import FastAPI, Request, Response

from kentongan.demo.receiver.receipts import Receipts, Unverified
from kentongan.local.ports import LOOPBACK, free_port
from kentongan.process.web_server import WebServer
from kentongan.settings import HttpSettings

STARTING_SECONDS = 10.0
DRAIN_SECONDS = 2


class Manner(StrEnum):
    """How an address behaves."""

    PROMPT = "siap"
    FAILING = "pulih"
    """Answers 503 until it has recovered."""
    SILENT = "bisu"
    """Accepts and never answers."""


class WebhookReceiver:
    """Takes webhooks at `/{manner}/{name}`; what it took is in `receipts`."""

    def __init__(self, port: int) -> None:
        self.receipts = Receipts()
        self._port = port
        self._recovered = asyncio.Event()
        self._ending = asyncio.Event()

    def address(self, manner: Manner, name: str) -> str:
        """Where to send what the channel `name` is to get."""
        return f"http://{LOOPBACK}:{self._port}/{manner.value}/{name}"

    def recover(self) -> None:
        """The address that was down is up again."""
        self._recovered.set()

    def end(self) -> None:
        """Let go of the requests that were never to be answered."""
        self._ending.set()

    async def take(self, manner: Manner, name: str, request: Request) -> Response:
        """Verify first, then behave: a signature must hold at every address."""
        body = await request.body()
        try:
            delivery_id, kind = self.receipts.verify(name, dict(request.headers), body)
        except Unverified:
            return Response(status_code=400)
        if manner is Manner.SILENT:
            self.receipts.unanswered += 1
            await self._ending.wait()
            return Response(status_code=503)
        if manner is Manner.FAILING and not self._recovered.is_set():
            self.receipts.unavailable += 1
            return Response(status_code=503)
        self.receipts.take(delivery_id, kind)
        return Response(status_code=204)


@asynccontextmanager
async def receiving() -> AsyncIterator[WebhookReceiver]:
    """A receiver on a free loopback port, in this process, until the end of the season."""
    port = free_port()
    receiver = WebhookReceiver(port)
    application = FastAPI(openapi_url=None)
    application.add_api_route(
        "/{manner}/{name}", receiver.take, methods=["POST"], response_model=None
    )
    settings = HttpSettings(host=LOOPBACK, port=port, drain_seconds=DRAIN_SECONDS)
    server = WebServer(application, settings)
    try:
        async with asyncio.timeout(STARTING_SECONDS):
            while not server.started:
                if server.serving.done():
                    await server.serving
                await asyncio.sleep(0.02)
        yield receiver
    finally:
        receiver.end()
        await server.drain()
