"""Free ports on the loopback interface."""

import random
import socket
from pathlib import Path

from kentongan.local.failures import CannotRunHere

LOOPBACK = "127.0.0.1"
_LOWEST = 15_000
_EPHEMERAL_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_USUAL_EPHEMERAL_START = 32_768


class NoFreePort(CannotRunHere):
    """No port of the range could be bound."""


def free_port() -> int:
    """A loopback port that nobody listens on now; whoever binds it must be ready to lose a race.

    It lies below the range that the kernel gives to outgoing connections: a client that keeps
    asking for a dead server's port inside that range can end up connected to itself.
    """
    for port in random.sample(range(_LOWEST, _ephemeral_start()), k=200):
        if is_free(port):
            return port
    raise NoFreePort(f"no free loopback port between {_LOWEST} and {_ephemeral_start()}")


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Whether a server answers on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _ephemeral_start() -> int:
    try:
        start = int(_EPHEMERAL_RANGE.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return _USUAL_EPHEMERAL_START
    return start if start > _LOWEST + 1000 else _USUAL_EPHEMERAL_START
