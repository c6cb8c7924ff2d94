"""uvicorn as one part of a service process: the process, not uvicorn, listens to signals."""

import asyncio
import contextlib
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kentongan.settings import HttpSettings


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _LettingGo:
    """Once told so, closes each connection behind its answer: callers come back by another way."""

    def __init__(self, application: ASGIApp) -> None:
        self.told = False
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.told:
            return await self._application(scope, receive, send)

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
            await send(message)

        return await self._application(scope, receive, closing)


class WebServer:
    """Serves one application until it is told to drain."""

    def __init__(self, application: FastAPI, settings: HttpSettings) -> None:
        self._letting_go = _LettingGo(application)
        self._server = _Server(
            uvicorn.Config(
                self._letting_go,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=int(settings.drain_seconds),
            )
        )
        self._serving: asyncio.Task[None] | None = None

    @property
    def started(self) -> bool:
        """Whether it accepts connections."""
        return bool(self._server.started)

    @property
    def serving(self) -> asyncio.Task[None]:
        """Ends when the server does; an end that nobody asked for ends the process."""
        if self._serving is None:
            self._serving = asyncio.create_task(self._server.serve(), name="web-server")
        return self._serving

    def let_go(self) -> None:
        """Still take and answer requests, but keep no connection open behind an answer."""
        self._letting_go.told = True

    async def drain(self) -> None:
        """Take no new connection, finish the requests under way within the drain time."""
        self._server.should_exit = True
        if self._serving is not None:
            await asyncio.gather(self._serving, return_exceptions=True)
