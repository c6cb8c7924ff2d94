"""Fourth act, its preparation: groups and an integrator register webhooks and get a secret each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kentongan.demo.acts.world import Group, World
from kentongan.demo.clients.service_client import ServiceClient
from kentongan.demo.receiver.manner import Manner
from kentongan.demo.summary import Text

PROMPT, FAILING, SILENT = 12, 3, 1
QUICK_PROMPT, QUICK_FAILING, QUICK_SILENT = 4, 2, 1
INTEGRATOR = "portal-kota"
IMPATIENT: Mapping[str, str] = {
    "KENTONGAN_BROADCAST_PRIVATE_TARGETS": "true",
    "KENTONGAN_BROADCAST_SEND_SECONDS": "1.5",
    "KENTONGAN_BROADCAST_ATTEMPTS": "7",
    "KENTONGAN_BROADCAST_FIRST_DELAY_SECONDS": "0.3",
    "KENTONGAN_BROADCAST_DELAY_FACTOR": "2",
    "KENTONGAN_BROADCAST_LONGEST_DELAY_SECONDS": "2",
    "KENTONGAN_BROADCAST_PROMISE_SECONDS": "2",
    "KENTONGAN_BROADCAST_FAILURES_IN_A_ROW": "2",
}
"""Settings of broadcast in the demo: a receiver on this machine, and seconds instead of hours."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A webhook that was registered, and who may ask about it."""

    id: str
    owner: ServiceClient
    kim_id: str | None


async def register_webhooks(world: World, groups: Sequence[Group]) -> list[Channel]:
    """Some groups have a system of their own; one is down for a while, one never answers."""
    random = world.random("webhooks")
    few = len(world.villages) < len(world.city.villages)
    # The troublesome first, so that they are there even in the smallest city.
    wanted = (
        *[Manner.SILENT] * (QUICK_SILENT if few else SILENT),
        *[Manner.FAILING] * (QUICK_FAILING if few else FAILING),
        *[Manner.PROMPT] * (QUICK_PROMPT if few else PROMPT),
    )
    chosen = random.sample(list(groups), min(len(groups), len(wanted)))
    subscribers: list[tuple[Manner, Group | None]] = [
        (Manner.PROMPT, None),
        *zip(wanted, chosen, strict=False),
    ]
    return await world.each(
        Text("KIM dan portal kota mendaftarkan webhook", "Groups and a portal register webhooks"),
        subscribers,
        lambda one: _register(world, *one),
    )


async def channel_states(channels: Sequence[Channel]) -> list[dict[str, Any]]:
    """The channels as their owners see them, switched off or not."""
    return [await one.owner.read(f"/v1/channels/{one.id}") for one in channels]


async def _register(world: World, manner: Manner, group: Group | None) -> Channel:
    if group is None:
        name, bearer = INTEGRATOR, world.tokens.integrator(INTEGRATOR)
    else:
        code = group.dossier.village.code
        name, bearer = code.replace(".", "-"), world.tokens.kim(group.id, code)
    owner = world.broadcast.acting_as(bearer)
    registered = await owner.command(
        "channel.register",
        "POST",
        "/v1/channels",
        {"name": name, "url": world.receiver.address(manner, name)},
    )
    # Answered once, at registration; whoever loses it asks for another.
    await world.receiver.trust(name, registered.body["secret"])
    return Channel(registered.id, owner, group.id if group else None)
