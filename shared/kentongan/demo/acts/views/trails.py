"""The owners' trails of decisions, as their queries tell them."""

from collections.abc import Iterable

from kentongan.demo.acts.views.reading import read_each
from kentongan.demo.acts.world import World
from kentongan.demo.clients.service_client import ServiceClient
from kentongan.demo.consistency.trails import Decided, Trail


async def read_trails(world: World) -> list[Trail]:
    """Who decided what about every group, content, competition and campaign of the season.

    Couriers, closings and final counts decide on the last three as well: no client was told of
    that, so these trails may hold more than the journal.
    """
    staff = world.tokens.diskominfo()
    broadcast, scoring = world.broadcast.acting_as(staff), world.scoring.acting_as(staff)
    return [
        await _trail(
            *("registry: decisions", world.registry.acting_as(staff), "/v1/kims"),
            _made_by(world, "kim.propose"),
            complete=True,
        ),
        await _trail(
            *("broadcast: decisions", broadcast, "/v1/contents"), _made_by(world, "content.draft")
        ),
        await _trail(
            *("scoring: decisions", scoring, "/v1/competitions"),
            _made_by(world, "competition.open"),
        ),
        await _trail(
            *("scoring: campaigns", scoring, "/v1/campaigns"), _made_by(world, "campaign.open")
        ),
    ]


async def _trail(
    name: str, office: ServiceClient, path: str, ids: Iterable[str], *, complete: bool = False
) -> Trail:
    listed = sorted(ids)

    async def of(aggregate: str) -> list[Decided]:
        found = await office.read(f"{path}/{aggregate}/decisions")
        return [(one["version"], one["command"]) for one in found["items"]]

    trails = await read_each(listed, of)
    return Trail(name, dict(zip(listed, trails, strict=True)), complete=complete)


def _made_by(world: World, command: str) -> set[str]:
    return {
        entry.answer.aggregate
        for entry in world.journal.entries.values()
        if entry.name == command
        and entry.answer
        and entry.answer.accepted
        and entry.answer.aggregate
    }
