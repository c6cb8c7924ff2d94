"""Fifth act, its end: results are published, with prizes for ranks and special ones."""

from collections.abc import Mapping
from typing import Any

from kentongan.demo.acts.entering import Contest, Entry
from kentongan.demo.acts.judging import FINAL, FIRST
from kentongan.demo.acts.world import World
from kentongan.demo.city import contest
from kentongan.demo.summary import Text


async def publish_results(world: World, competition: Contest, favourite: Entry) -> None:
    """Prizes for the first ranks, one by the residents' vote, one for the busiest group."""
    ranking = await _ranking(world, competition, FINAL)
    held = {one["rank"] for one in ranking}
    prizes: list[dict[str, Any]] = [
        {"name": name, "rank": rank} for rank, name in enumerate(contest.PRIZES, 1) if rank in held
    ]
    prizes.append({"name": contest.FAVOURITE, "entry_id": favourite.id})
    busiest = await _busiest(world, competition)
    prizes.append({"name": contest.MOST_ACTIVE, "entry_id": busiest})
    diskominfo = world.scoring.acting_as(world.tokens.diskominfo())
    await world.each(
        Text("Hasil lomba diumumkan", "The results are published"),
        (prizes,),
        lambda given: diskominfo.command(
            "results.publish",
            "POST",
            f"/v1/competitions/{competition.id}/results",
            {"prizes": given},
            aggregate=competition.id,
            publishes="ResultsPublished",
        ),
    )


async def _ranking(world: World, competition: Contest, stage: int) -> list[dict[str, Any]]:
    diskominfo = world.scoring.acting_as(world.tokens.diskominfo())
    path = f"/v1/competitions/{competition.id}/ranking"
    return await diskominfo.read_all(path, stage=stage, limit=200)


async def _busiest(world: World, competition: Contest) -> str:
    """The entry with the most points for activity; of equals, the one of the better rank."""
    ranking = await _ranking(world, competition, FIRST)

    def counted(one: Mapping[str, Any]) -> float:
        criteria = one["stages"][FIRST - 1]["criteria"]
        return max(
            float(each["mean"]) for each in criteria if each["criterion_id"] == contest.ACTIVITY
        )

    return str(max(ranking, key=counted)["entry_id"])
