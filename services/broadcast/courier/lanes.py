"""The courier's connections: a lane for each request on the wire, with one connection in it.

One pool for all looks at each of its connections at every request (a system call each): with 64
open, sending one webhook took 7 ms of CPU. A lane looks at one.
"""

import ssl
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpcore

from services.broadcast.courier.guarded_network import GuardedNetwork

KEPT_OPEN_SECONDS = 15.0


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """TLS that believes the public authorities, and those of the file (PEM) beside them."""
    context: ssl.SSLContext = httpcore.default_ssl_context()
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    return context


class Lanes:
    """Lends lanes; an idle one that is connected to the same origin first. Holds `most` at most,
    as long as no more than that are lent at the same time.
    """

    def __init__(self, network: GuardedNetwork, tls: ssl.SSLContext, *, most: int) -> None:
        self._network = network
        self._tls = tls
        self._most = most
        self._made = 0
        self._idle: dict[bytes, list[httpcore.AsyncConnectionPool]] = {}
        self._lent: Counter[bytes] = Counter()

    def lent(self, url: httpcore.URL) -> int:
        """How many requests to this address's origin are on the wire."""
        return self._lent[_origin(url)]

    @asynccontextmanager
    async def lane(self, url: httpcore.URL) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """A lane to be used for one request to this address."""
        origin = _origin(url)
        lane = self._take(origin)
        self._lent[origin] += 1
        try:
            yield lane
        finally:
            self._lent[origin] -= 1
            if not self._lent[origin]:
                del self._lent[origin]
            self._idle.setdefault(origin, []).append(lane)

    async def close(self) -> None:
        """Close the connections of all lanes that aren't lent."""
        while self._idle:
            _, lanes = self._idle.popitem()
            for lane in lanes:
                await lane.aclose()

    def _take(self, origin: bytes) -> httpcore.AsyncConnectionPool:
        if self._idle.get(origin):
            return self._pop(origin)
        if self._made < self._most or not self._idle:
            self._made += 1
            return httpcore.AsyncConnectionPool(
                ssl_context=self._tls,
                max_connections=1,
                keepalive_expiry=KEPT_OPEN_SECONDS,
                network_backend=self._network,
            )
        return self._pop(next(iter(self._idle)))

    def _pop(self, origin: bytes) -> httpcore.AsyncConnectionPool:
        lanes = self._idle[origin]
        lane = lanes.pop()
        if not lanes:
            del self._idle[origin]
        return lane


def _origin(url: httpcore.URL) -> bytes:
    origin = url.origin
    return b"%s://%s:%d" % (origin.scheme, origin.host, origin.port)
