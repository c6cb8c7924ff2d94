"""The courier's way out: connects to public addresses only, and to exactly the one it checked.

The check is made here, where the connection is made, and not when the webhook was registered: a
name may point elsewhere by now. The socket goes to the checked address, never to the name, so that
a second answer of the resolver (DNS rebinding) is never asked for.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore
from httpcore import SOCKET_OPTION, AsyncNetworkBackend, AsyncNetworkStream

from services.broadcast.domain.targets import is_public

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host; raises OSError."""


class TargetRefused(httpcore.ConnectError):
    """The host has an address that the courier must not reach."""


async def resolve(host: str, port: int) -> list[str]:
    """What the system's resolver says, each address once, in its order. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class GuardedNetwork(AsyncNetworkBackend):
    """Resolves, refuses a host with any address that isn't public, connects to what it checked.

    `private_targets` switches the refusal off: for a city's own network, and for tests.
    """

    def __init__(
        self,
        *,
        private_targets: bool = False,
        resolver: Resolver = resolve,
        inner: AsyncNetworkBackend | None = None,
    ) -> None:
        self._private_targets = private_targets
        self._resolver = resolver
        self._inner = inner or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Connect to the first address that answers. Raises TargetRefused, httpcore.ConnectError.

        TLS is spoken above this, with the host's name, so certificates are checked as always.
        """
        for last, address in enumerate(addresses := await self._checked(host, port), start=1):
            try:
                return await self._inner.connect_tcp(
                    address,
                    port,
                    timeout=timeout,
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last == len(addresses):
                    raise
        raise httpcore.ConnectError("the host has no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Never: a webhook lies in the network."""
        raise TargetRefused("a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """As the network below sleeps."""
        await self._inner.sleep(seconds)

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        """One bad address refuses the host: which one answers first is nobody's choice."""
        try:
            addresses = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the host can't be resolved") from error
        if not self._private_targets and not all(is_public(address) for address in addresses):
            raise TargetRefused("an address that is not public")
        return addresses
