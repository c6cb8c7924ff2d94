"""Sixth act: residents vote, once a day each; repeats don't count, and an end is an end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kentongan.demo.acts.entering import Contest, Entry
from kentongan.demo.acts.world import World
from kentongan.demo.city import voters
from kentongan.demo.city.voters import Voter
from kentongan.demo.clients.service_client import Accepted
from kentongan.demo.clients.waiting import until
from kentongan.demo.consistency.journal import Expectation
from kentongan.demo.summary import Text
from kentongan.domain.clock import utc_now

HURRIED: Mapping[str, str] = {"KENTONGAN_SCORING_VOTE_GRACE_SECONDS": "1"}
"""Settings of scoring in the demo: the final figure follows the end at once."""
SHORT = timedelta(seconds=6)
FINAL_SECONDS = 90.0
NOT_COUNTED = Text("Suara itu tidak dihitung.", "The vote does not count.")
FIRST_COUNTS = Text("Hanya suara pertama hari itu yang dihitung.", "Only the day's first counts.")
INTERACTION_WEIGHT = 2


@dataclass(slots=True)
class Campaign:
    """A campaign, as its client remembers it."""

    id: str
    title: str
    options: Mapping[str, str]
    """Labels by option."""
    votes: int = 0
    """Votes that were acknowledged."""
    repeats: int = 0


async def prepare_residents(world: World, *, quick: bool) -> None:
    """Residents have accounts before a campaign begins that ends within seconds."""
    count = voters.QUICK_VOTERS if quick else voters.VOTERS
    residents = [world.tokens.resident(voters.subject(number)) for number in range(count)]
    world.progress.begin(Text("Warga masuk dengan akunnya", "Residents log in"), 1)
    await world.tokens.issuer.prepare(residents)
    world.progress.advance()


async def vote_for_finalists(world: World, competition: Contest, *, quick: bool) -> Campaign:
    """A campaign among the finalists: votes of today, interactions of yesterday and today."""
    options = {
        _slug(entry): entry.group.dossier.name
        for entry in sorted(competition.finalists, key=lambda one: one.group.dossier.name)
    }
    campaign = await _open(
        world,
        title="KIM pilihan warga",
        options=options,
        before=timedelta(days=1),
        ends_at=utc_now() + timedelta(days=6),
    )
    random = world.random("voters")
    count = voters.QUICK_VOTERS if quick else voters.VOTERS
    drawn = voters.draw_voters(random, list(options), count)
    await world.each(
        Text("Warga memilih; sebagian mencoba dua kali", "Residents vote; some try twice"),
        drawn,
        lambda voter: _vote(world, campaign, voter),
    )
    unknown = Voter("warga:0", "kim-antah-berantah", None, repeats=False)
    await world.must_refuse(
        "scoring", "option-unknown", _cast(world, campaign, unknown), NOT_COUNTED
    )
    await _record_interactions(world, campaign)
    return campaign


async def open_short_campaign(world: World) -> tuple[Campaign, datetime]:
    """A campaign that ends while the season goes on; and when."""
    ends_at = utc_now() + SHORT
    campaign = await _open(
        world,
        title="Nama maskot kampung digital",
        options=voters.MASCOT_OPTIONS,
        before=timedelta(minutes=1),
        ends_at=ends_at,
    )
    drawn = voters.draw_voters(
        world.random("mascot"),
        list(voters.MASCOT_OPTIONS),
        voters.MASCOT_VOTERS,
    )
    await world.each(
        Text("Pemungutan suara singkat", "A short campaign"),
        drawn,
        lambda voter: _vote(world, campaign, voter),
    )
    return campaign, ends_at


async def end_short_campaign(world: World, campaign: Campaign, ends_at: datetime) -> None:
    """Whoever comes after the end is told so; a grace later the figure is final."""
    late = Voter("warga:terlambat", next(iter(campaign.options)), None, repeats=False)

    async def over() -> bool | None:
        return True if utc_now() > ends_at + timedelta(seconds=0.2) else None

    async def final() -> bool | None:
        found = await tally_of(world, campaign)
        return True if found["status"] == "final" else None

    async def end(_: int) -> None:
        await until(over, seconds=FINAL_SECONDS, what="the campaign's end")
        attempt = _cast(world, campaign, late)
        await world.must_refuse("scoring", "campaign-over", attempt, NOT_COUNTED)
        await until(final, seconds=FINAL_SECONDS, what="the final figure")

    await world.each(
        Text("Pemungutan suara singkat berakhir", "The short campaign ends"), (1,), end
    )


async def favourite(world: World, competition: Contest, campaign: Campaign) -> Entry:
    """The finalist that the residents' campaign puts first."""
    best = (await tally_of(world, campaign))["options"][0]["option_id"]
    return next(entry for entry in competition.finalists if _slug(entry) == best)


async def tally_of(world: World, campaign: Campaign) -> dict[str, Any]:
    """The public tally."""
    return await world.scoring.read(f"/v1/campaigns/{campaign.id}/tally")


def _slug(entry: Entry) -> str:
    return f"kim-{entry.group.dossier.village.code.replace('.', '-')}"


async def _open(
    world: World, *, title: str, options: Mapping[str, str], before: timedelta, ends_at: datetime
) -> Campaign:
    opened = await world.scoring.acting_as(world.tokens.diskominfo()).command(
        "campaign.open",
        "POST",
        "/v1/campaigns",
        {
            "title": title,
            "region_code": world.city.code,
            "starts_at": (utc_now() - before).isoformat(),
            "ends_at": ends_at.isoformat(),
            "options": [{"option_id": key, "label": label} for key, label in options.items()],
            "interaction_weight": INTERACTION_WEIGHT,
        },
    )
    return Campaign(opened.id, title, options)


async def _vote(world: World, campaign: Campaign, voter: Voter) -> None:
    await _cast(world, campaign, voter)
    campaign.votes += 1
    if voter.repeats:
        again = _cast(world, campaign, voter)
        await world.must_refuse("scoring", "already-voted-today", again, FIRST_COUNTS)
        campaign.repeats += 1


async def _cast(world: World, campaign: Campaign, voter: Voter) -> Accepted:
    resident = world.scoring.acting_as(world.tokens.resident(voter.subject))
    body = {"option_id": voter.option}
    if voter.suggestion is not None:
        body["suggestion"] = voter.suggestion
    chosen = {"campaign_id": campaign.id, "option_id": voter.option}
    return await resident.command(
        "vote.cast",
        "POST",
        f"/v1/campaigns/{campaign.id}/votes",
        body,
        expecting=lambda cast: [Expectation("VoteCast", cast.id, fields=chosen)],
    )


async def _record_interactions(world: World, campaign: Campaign) -> None:
    """What staff counted under the hashtag; one figure is entered again, which replaces it."""
    random = world.random("interactions")
    diskominfo = world.scoring.acting_as(world.tokens.diskominfo())
    figures: Sequence[dict[str, Any]] = [
        {
            "day": (world.today - timedelta(days=days_ago)).isoformat(),
            "platform": platform,
            "option_id": option,
            "count": random.randint(1, 1 + campaign.votes // voters.VOTERS_PER_INTERACTION),
        }
        for days_ago in (1, 0)
        for platform in voters.PLATFORMS
        for option in campaign.options
    ]
    world.progress.begin(
        Text("Petugas mencatat interaksi tagar", "Staff enter hashtag interactions"),
        len(figures) + 1,
    )
    for figure in [*figures, {**figures[0], "count": figures[0]["count"] + 1}]:
        await diskominfo.command(
            "interactions.record",
            "POST",
            f"/v1/campaigns/{campaign.id}/interactions",
            figure,
            aggregate=campaign.id,
        )
        world.progress.advance()
