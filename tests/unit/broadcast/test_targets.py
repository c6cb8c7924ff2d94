"""Where webhooks may point, and that the courier connects to nothing else."""

from collections.abc import Iterable, Sequence

import httpcore
import pytest

from services.broadcast.courier.guarded_network import GuardedNetwork, TargetRefused
from services.broadcast.domain.errors import TargetNotAllowed
from services.broadcast.domain.targets import ensure_allowed, is_public

PUBLIC = ["8.8.8.8", "103.10.60.1", "2001:4860:4860::8888", "2606:4700::1111"]
INNER = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "localhost",
]


@pytest.mark.parametrize("address", [*PUBLIC, "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_not_public_however_they_are_wrapped(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://kim.example.id/hook", "https-only"),
        ("ftp://kim.example.id/hook", "https-only"),
        ("https://user:secret@kim.example.id/hook", "user-name"),
        ("https://kim.example.id/hook#part", "fragment"),
        ("https:///hook", "unreadable"),
        ("https://kim.example.id:99999/", "unreadable"),
        ("https://kim.example.id:0/", "unreadable"),
        ("https://kim.example.id/a b", "unreadable"),
        ("https://[::1/", "unreadable"),
        ("https://127.0.0.1/hook", "private-address"),
        ("https://[::ffff:127.0.0.1]/hook", "private-address"),
        ("https://2130706433/hook", "private-address"),
        ("https://0x7f.0.0.1/hook", "private-address"),
        ("https://127.1/hook", "private-address"),
        ("https://localhost/hook", "private-address"),
        ("https://localhost./hook", "private-address"),
        ("https://mongo.internal/hook", "private-address"),
        ("https://kim.example.id/" + "a" * 500, "unreadable"),
    ],
)
def test_addresses_that_no_webhook_may_have(url: str, why: str) -> None:
    with pytest.raises(TargetNotAllowed) as refusal:
        ensure_allowed(url, private_targets=False)
    assert refusal.value.facts == {"why": why}
    assert refusal.value.field == "/url"


@pytest.mark.parametrize("url", ["https://kim.example.id/hook?a=1", "https://8.8.8.8:8443/"])
def test_public_https_addresses_are_allowed(url: str) -> None:
    ensure_allowed(url, private_targets=False)


def test_private_targets_allow_http_and_inner_addresses() -> None:
    ensure_allowed("http://127.0.0.1:8080/hook", private_targets=True)
    with pytest.raises(TargetNotAllowed):
        ensure_allowed("http://u@127.0.0.1:8080/hook", private_targets=True)


class Wire(httpcore.AsyncMockBackend):
    """Notes whom it was asked to connect to; the hosts in `dead` don't answer."""

    def __init__(self, dead: Iterable[str] = ()) -> None:
        super().__init__([])
        self.dead = set(dead)
        self.connected: list[tuple[str, int]] = []

    async def connect_tcp(  # type: ignore[override]
        self, host: str, port: int, **_: object
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append((host, port))
        if host in self.dead:
            raise httpcore.ConnectError("nobody there")
        return await super().connect_tcp(host, port)


class Names:
    """A resolver whose answers change from one question to the next."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return answer


async def test_a_public_host_is_connected_to_at_the_address_that_was_checked() -> None:
    wire, names = Wire(), Names(["8.8.8.8"], ["127.0.0.1"])
    await GuardedNetwork(resolver=names, inner=wire).connect_tcp("kim.example.id", 443)
    assert wire.connected == [("8.8.8.8", 443)]
    assert names.asked == 1, "a name that is rebound after the check is never asked for again"


async def test_rebinding_before_the_next_connection_is_refused() -> None:
    wire, names = Wire(), Names(["8.8.8.8"], ["169.254.169.254"])
    network = GuardedNetwork(resolver=names, inner=wire)
    await network.connect_tcp("kim.example.id", 443)
    with pytest.raises(TargetRefused):
        await network.connect_tcp("kim.example.id", 443)
    assert wire.connected == [("8.8.8.8", 443)]


@pytest.mark.parametrize("address", INNER)
async def test_a_host_with_an_inner_address_is_refused_unconnected(address: str) -> None:
    wire = Wire()
    with pytest.raises(TargetRefused):
        await GuardedNetwork(resolver=Names([address]), inner=wire).connect_tcp("kim.id", 443)
    assert wire.connected == []


async def test_one_inner_address_among_public_ones_refuses_the_host() -> None:
    wire = Wire()
    names = Names(["8.8.8.8", "::ffff:10.0.0.1"])
    with pytest.raises(TargetRefused):
        await GuardedNetwork(resolver=names, inner=wire).connect_tcp("kim.id", 443)
    assert wire.connected == []


async def test_the_next_address_is_tried_where_the_first_is_dead() -> None:
    wire = Wire(dead=["8.8.8.8"])
    names = Names(["8.8.8.8", "8.8.4.4"])
    await GuardedNetwork(resolver=names, inner=wire).connect_tcp("kim.id", 443)
    assert wire.connected == [("8.8.8.8", 443), ("8.8.4.4", 443)]


async def test_a_host_without_addresses_or_with_a_failing_resolver_is_unreachable() -> None:
    async def failing(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    for resolver in (Names([]), failing):
        with pytest.raises(httpcore.ConnectError) as refusal:
            await GuardedNetwork(resolver=resolver, inner=Wire()).connect_tcp("kim.id", 443)
        assert not isinstance(refusal.value, TargetRefused)


async def test_private_targets_are_connected_to_where_they_are_allowed() -> None:
    wire = Wire()
    network = GuardedNetwork(private_targets=True, resolver=Names(["127.0.0.1"]), inner=wire)
    await network.connect_tcp("localhost", 8080)
    assert wire.connected == [("127.0.0.1", 8080)]


async def test_a_socket_of_this_machine_is_never_a_target() -> None:
    with pytest.raises(TargetRefused):
        await GuardedNetwork(private_targets=True).connect_unix_socket("/run/docker.sock")
