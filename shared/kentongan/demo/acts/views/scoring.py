"""What scoring shows of what it holds and knows, and what its figures come to."""

from collections.abc import Mapping, Sequence
from typing import Any

from kentongan.demo.acts.entering import Contest
from kentongan.demo.acts.views.reading import read_each
from kentongan.demo.acts.voting import Campaign, tally_of
from kentongan.demo.acts.world import World
from kentongan.demo.consistency.checker import Held, View
from kentongan.demo.consistency.recounting import (
    Choice,
    Recount,
    recount_awards,
    recount_scores,
    recount_votes,
)
from kentongan.demo.consistency.topics import TopicReading


async def scoring_views(world: World, competition: Contest) -> list[View]:
    """Its competition and entries, its directories of groups and contents, its ledger."""
    diskominfo = world.scoring.acting_as(world.tokens.diskominfo())
    held = await world.scoring.read(f"/v1/competitions/{competition.id}")
    path = f"/v1/competitions/{competition.id}/entries"
    entries = await world.scoring.read_all(path, limit=200)
    kims = await world.scoring.read_all("/v1/kims", region=world.city.code, limit=200)
    contents = await world.scoring.read_all("/v1/contents", limit=200)
    activities = await diskominfo.read_all("/v1/activities", limit=200)
    return [
        View(
            "scoring: competitions",
            "scoring.competitions",
            {competition.id: _competition(held)},
            exact=False,
        ),
        View(
            "scoring: entries",
            "scoring.entries",
            {one["id"]: _entry(one) for one in entries},
            exact=False,
        ),
        View("scoring: kims", "registry.kims", {one["id"]: _kim(one) for one in kims}),
        View(
            "scoring: contents",
            "broadcast.contents",
            {one["id"]: _content(one) for one in contents},
        ),
        View(
            "scoring: activities",
            "placement.activities",
            {one["activity_id"]: _activity(one) for one in activities},
        ),
    ]


async def scoring_recounts(
    world: World, reading: TopicReading, campaigns: Sequence[Campaign]
) -> list[Recount]:
    """Votes, scores, and the awards on the groups' pages in the registry."""
    tally: dict[Choice, int] = {}
    for campaign in campaigns:
        for day in (await tally_of(world, campaign))["days"]:
            for option, votes in day["votes"].items():
                tally[campaign.id, option, day["day"]] = votes
    kims = sorted(world.groups)
    pages = await read_each(kims, lambda kim_id: world.registry.read(f"/v1/kims/{kim_id}"))
    awards = {kim_id: page["awards"] for kim_id, page in zip(kims, pages, strict=True)}
    return [
        recount_votes(world.journal.entries.values(), reading, tally),
        recount_scores(reading),
        recount_awards(reading, awards),
    ]


def _competition(competition: Mapping[str, Any]) -> Held:
    stages = {
        f"stages.{place}.{name}": stage[name]
        for place, stage in enumerate(competition["stages"])
        for name in ("name", "entries", "qualified")
    }
    same = {name: competition[name] for name in ("title", "region_code", "status")}
    return Held(competition["version"], {**same, **stages})


def _entry(entry: Mapping[str, Any]) -> Held:
    names = ("competition_id", "kim_id", "region_code", "title", "summary", "links")
    return Held(entry["version"], {name: entry[name] for name in names})


def _kim(kim: Mapping[str, Any]) -> Held:
    return Held(
        kim["version"],
        {
            "name": kim["name"],
            "region.code": kim["region_code"],
            "status": kim["status"],
            "nik_komunitas": kim["nik_komunitas"],
        },
    )


def _content(content: Mapping[str, Any]) -> Held:
    names = ("kim_id", "kind", "status")
    return Held(content["version"], {name: content[name] for name in names})


def _activity(activity: Mapping[str, Any]) -> Held:
    names = ("kim_id", "minutes", "category", "date")
    return Held(None, {name: activity[name] for name in names})
