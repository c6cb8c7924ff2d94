"""The contest and the campaigns, from what scoring answers to anyone."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from kentongan.demo.acts.entering import Contest
from kentongan.demo.acts.voting import Campaign, tally_of
from kentongan.demo.acts.world import World
from kentongan.demo.city.contest import JUDGES
from kentongan.demo.summary import (
    CampaignShown,
    ContestShown,
    CriterionShown,
    OptionShown,
    PlaceShown,
    PrizeShown,
    StageShown,
    Text,
)

Found = Mapping[str, Any]


async def contest_shown(world: World, contest: Contest) -> ContestShown:
    """The published results, with the rubric that they follow from."""
    held = await world.scoring.read(f"/v1/competitions/{contest.id}")
    results = await world.scoring.read(f"/v1/competitions/{contest.id}/results")
    ranking = await world.scoring.read_all(f"/v1/competitions/{contest.id}/ranking", limit=200)
    shared = Counter(one["rank"] for one in ranking)
    return ContestShown(
        title=held["title"],
        stages=tuple(_stage(one) for one in held["stages"]),
        judges=len(JUDGES),
        scores=contest.scores,
        corrections=contest.corrections,
        conflicts=1 if contest.conflicted[0] else 0,
        tie_rule=results["tie_rule"],
        ranking=tuple(_place(world, one, tied=shared[one["rank"]] > 1) for one in ranking),
        prizes=tuple(
            PrizeShown(one["name"], world.groups[one["kim_id"]].dossier.name, one["rank"])
            for one in results["prizes"]
        ),
    )


async def campaign_shown(world: World, campaign: Campaign) -> CampaignShown:
    """The public tally, the strongest option first."""
    tally = await tally_of(world, campaign)
    return CampaignShown(
        title=campaign.title,
        formula=Text(tally["formula"], tally["formula_en"]),
        status=tally["status"],
        interaction_weight=tally["interaction_weight"],
        options=tuple(_option(one, tally["days"]) for one in tally["options"]),
        acknowledged=campaign.votes,
        repeats_refused=campaign.repeats,
        suggestions=tally["suggestions"],
    )


def _stage(stage: Found) -> StageShown:
    weights = sum(one["weight"] for one in stage["criteria"])
    return StageShown(
        number=stage["number"],
        name=stage["name"],
        criteria=tuple(
            CriterionShown(
                id=one["id"],
                name=one["name"],
                kind=one["kind"],
                share=one["weight"] / weights,
                scale_min=one["scale_min"],
                scale_max=one["scale_max"],
            )
            for one in stage["criteria"]
        ),
        entries=stage["entries"] or 0,
        qualified=stage["qualified"] or 0,
    )


def _place(world: World, ranked: Found, *, tied: bool) -> PlaceShown:
    last = max(ranked["stages"], key=lambda stage: int(stage["number"]))
    return PlaceShown(
        rank=ranked["rank"],
        group=world.groups[ranked["kim_id"]].dossier.name,
        title=ranked["title"],
        reached=last["number"],
        total=last["total"],
        means={one["criterion_id"]: one["mean"] for one in last["criteria"]},
        tied=tied,
    )


def _option(option: Found, days: list[Found]) -> OptionShown:
    name = option["option_id"]

    def of_days(what: str) -> dict[date, int]:
        return {
            date.fromisoformat(day["day"]): day[what][name] for day in days if name in day[what]
        }

    return OptionShown(
        label=option["label"],
        votes=of_days("votes"),
        interactions=of_days("interactions"),
        figure=option["score"],
    )
