"""Connections are kept for the next request to the same origin, and there are only so many."""

import httpcore

from services.broadcast.courier.guarded_network import GuardedNetwork
from services.broadcast.courier.lanes import Lanes, trusting

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


class Wire(httpcore.AsyncMockBackend):
    """Answers every request with 200, and counts the connections."""

    def __init__(self) -> None:
        super().__init__([ANSWER] * 50)
        self.connected: list[str] = []

    async def connect_tcp(  # type: ignore[override]
        self, host: str, port: int, **_: object
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append(f"{host}:{port}")
        return await super().connect_tcp(host, port)


async def resolve(host: str, port: int) -> list[str]:
    return ["8.8.8.8"]


async def call(lanes: Lanes, url: str) -> None:
    address = httpcore.URL(url)
    async with lanes.lane(address) as lane:
        assert (await lane.request("POST", address)).status == 200


async def test_a_connection_is_kept_for_the_same_origin() -> None:
    wire = Wire()
    lanes = Lanes(GuardedNetwork(resolver=resolve, inner=wire), trusting(None), most=4)
    for _ in range(5):
        await call(lanes, "http://one.id:8080/a")
    assert wire.connected == ["8.8.8.8:8080"]
    await lanes.close()


async def test_more_origins_than_lanes_share_them() -> None:
    wire = Wire()
    lanes = Lanes(GuardedNetwork(resolver=resolve, inner=wire), trusting(None), most=2)
    for number in (1, 2, 3, 1, 2, 3):
        await call(lanes, f"http://host.id:800{number}/a")
    assert lanes._made == 2
    assert {*wire.connected} == {"8.8.8.8:8001", "8.8.8.8:8002", "8.8.8.8:8003"}
    await lanes.close()


async def test_a_lane_is_lent_to_one_at_a_time() -> None:
    lanes = Lanes(GuardedNetwork(resolver=resolve, inner=Wire()), trusting(None), most=4)
    address = httpcore.URL("http://one.id/a")
    async with lanes.lane(address) as first, lanes.lane(address) as second:
        assert first is not second
    async with lanes.lane(address) as again:
        assert again in (first, second)
    await lanes.close()
