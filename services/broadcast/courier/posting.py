"""One POST: bounded in time and in what is read of the answer; redirects are not followed."""

import asyncio
import ssl
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import httpcore

from services.broadcast.courier.guarded_network import GuardedNetwork, TargetRefused
from services.broadcast.courier.lanes import Lanes
from services.broadcast.domain.deliveries import Attempted, Fault
from services.broadcast.domain.retries import retry_after

LONGEST_ANSWER = 65_536
"""Bytes read of an answer, so that its connection can be used again; all are thrown away."""
SLOW_AT_ONCE = 4
"""Requests on the wire to one host whose last answer didn't come in time: a host that many channels
share and that never answers must not hold every lane."""
SLOW_HOSTS = 1_000
"""Remembered at most; the longest known are forgotten."""

Header = tuple[bytes, bytes]


class Poster:
    """Sends requests, over connections that are kept for the next. Close it at the end."""

    def __init__(
        self,
        network: GuardedNetwork,
        tls: ssl.SSLContext,
        *,
        seconds: float,
        at_once: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._lanes = Lanes(network, tls, most=at_once)
        self._slow: dict[bytes, None] = {}

    def is_crowded(self, url: str) -> bool:
        """Whether this host is slow and has as many requests on the wire as it may have."""
        address = httpcore.URL(url)
        return address.host in self._slow and self._lanes.lent(address) >= SLOW_AT_ONCE

    async def post(self, url: str, headers: Sequence[Header], body: bytes) -> Attempted:
        """How it went. Nothing that a receiver does raises anything here."""
        host = httpcore.URL(url).host
        try:
            async with asyncio.timeout(self._seconds):
                attempted = await self._post(url, headers, body)
                self._slow.pop(host, None)
                return attempted
        except TargetRefused:
            return Attempted(fault=Fault.TARGET_REFUSED)
        except (TimeoutError, httpcore.TimeoutException):
            self._slow[host] = None
            if len(self._slow) > SLOW_HOSTS:
                del self._slow[next(iter(self._slow))]
            return Attempted(fault=Fault.TIMEOUT)
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.UnsupportedProtocol,
            OSError,
            ValueError,
        ) as error:
            doubted = any(isinstance(one, ssl.SSLCertVerificationError) for one in _causes(error))
            return Attempted(fault=Fault.CERTIFICATE if doubted else Fault.UNREACHABLE)

    async def close(self) -> None:
        """Close all connections."""
        await self._lanes.close()

    async def _post(self, url: str, headers: Sequence[Header], body: bytes) -> Attempted:
        address = httpcore.URL(url)
        async with (
            self._lanes.lane(address) as lane,
            lane.stream("POST", address, headers=headers, content=body) as answer,
        ):
            asked = _header(answer.headers, b"retry-after")
            read = 0
            async for part in answer.aiter_stream():
                read += len(part)
                if read > LONGEST_ANSWER:
                    break
        wait = retry_after(asked.decode("latin-1"), self._clock()) if asked else None
        return Attempted(status=answer.status, retry_after=wait)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _header(headers: Sequence[Header], name: bytes) -> bytes | None:
    return next((value for key, value in headers if key.lower() == name), None)
