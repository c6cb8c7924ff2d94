"""Where a webhook may point: at a public address, and how that is judged.

The rule is checked where the connection is made (`courier/guarded_network.py`): a name means what
the resolver says at that moment. Here literal addresses are refused early, as a courtesy.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from services.broadcast.domain.errors import TargetNotAllowed

LONGEST_URL = 500
_VISIBLE = re.compile(r"[!-~]+")
_LOCAL_NAMES = ("localhost", "local", "internal", "localdomain")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address is out on the Internet, an address within an address included.

    Private, loopback, link-local, multicast, reserved and documentation ranges are not (IANA
    special-purpose registries, RFC 6890). IPv4 inside IPv6 (mapped, 6to4, NAT64) is looked at.
    """
    try:
        parsed: Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    inner = _embedded(parsed)
    if inner is not None:
        return is_public(str(inner))
    return parsed.is_global and not (
        parsed.is_multicast or parsed.is_reserved or parsed.is_unspecified
    )


def _embedded(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def ensure_allowed(url: str, *, private_targets: bool, field: str = "/url") -> None:
    """Raises TargetNotAllowed: only https, no user name, no fragment, no address of an inner net.

    `private_targets` allows http and any address: for a city's own network, and for tests.
    """
    if len(url) > LONGEST_URL or not _VISIBLE.fullmatch(url):
        raise TargetNotAllowed(field=field, why="unreadable")
    parts = _split(url, field)
    if parts.scheme != "https" and not (private_targets and parts.scheme == "http"):
        raise TargetNotAllowed(field=field, why="https-only")
    if parts.username is not None or parts.password is not None:
        raise TargetNotAllowed(field=field, why="user-name")
    if parts.fragment or url.endswith("#"):
        raise TargetNotAllowed(field=field, why="fragment")
    host = (parts.hostname or "").rstrip(".").lower()
    if not host:
        raise TargetNotAllowed(field=field, why="unreadable")
    if not private_targets and not _may_be_public(host):
        raise TargetNotAllowed(field=field, why="private-address")


def _split(url: str, field: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        if parts.port == 0:
            raise TargetNotAllowed(field=field, why="unreadable")
    except ValueError as error:
        raise TargetNotAllowed(field=field, why="unreadable") from error
    return parts


def _may_be_public(host: str) -> bool:
    """A literal address must be public; a name is resolved, and checked, at each connection."""
    if ":" in host or re.fullmatch(r"[0-9.]+|0x[0-9a-f.x]+", host):
        return is_public(host)
    return "." in host and host.rpartition(".")[2] not in _LOCAL_NAMES
