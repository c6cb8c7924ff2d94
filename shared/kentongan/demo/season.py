"""The script of a season: which act follows which. All acts use the public interfaces only."""

import platform
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from os import cpu_count

from kentongan.demo.acts.changing import keep_logbooks, let_some_leave, suspend_a_group
from kentongan.demo.acts.gathering import gather
from kentongan.demo.acts.observing import measure_delays, observe
from kentongan.demo.acts.placing import (
    Cohort,
    brief,
    enrol_from_file,
    open_cohort,
    plan_and_confirm,
)
from kentongan.demo.acts.registering import edit_profiles, register_groups
from kentongan.demo.acts.world import Progress, World, connected
from kentongan.demo.city.cohort import STUDENTS
from kentongan.demo.city.places import City, Village, load_city
from kentongan.demo.clients.tokens import Tokens
from kentongan.demo.clients.waiting import until
from kentongan.demo.consistency.journal import Journal
from kentongan.demo.options import DemoOptions
from kentongan.demo.summary import Circumstances, Season, Text
from kentongan.domain.calendar import day_in
from kentongan.settings import KafkaSettings

QUICK_SHARE = 10
FEWEST_GROUPS = 4
"""Below this a season can't show all its refusals."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the season is played."""

    registry_url: str
    placement_url: str
    kafka: KafkaSettings
    broker_kind: str


@dataclass(frozen=True, slots=True)
class Played:
    """A season that is over, and ids by which a person may look around in it."""

    season: Season
    cohort_id: str
    tokens: dict[str, str]


async def play(
    options: DemoOptions, setting: Setting, journal: Journal, progress: Progress
) -> Played:
    """Play the whole season. Raises SeasonDeviated, CommandRefused, WaitedInVain, NeverVisible."""
    began, started = datetime.now(UTC), time.monotonic()
    city = load_city(options.city)
    async with (
        connected(setting.registry_url, journal) as registry,
        connected(setting.placement_url, journal) as placement,
    ):
        world = World(
            city=city,
            villages=_taking_part(city, quick=options.quick),
            students=ceil(STUDENTS / QUICK_SHARE) if options.quick else STUDENTS,
            seed=options.seed,
            today=day_in(city.code, began),
            registry=registry,
            placement=placement,
            journal=journal,
            tokens=Tokens(city.code),
            progress=progress,
        )
        await register_groups(world)
        await edit_profiles(world)
        await _all_known(world)
        cohort = await open_cohort(world)
        await enrol_from_file(world, cohort)
        await brief(world, cohort)
        await plan_and_confirm(
            world, cohort, Text("Rencana dihitung dan disahkan", "A plan is made and confirmed")
        )
        await keep_logbooks(world, cohort)
        await let_some_leave(world, cohort)
        suspended = await suspend_a_group(world, cohort)
        await plan_and_confirm(
            world, cohort, Text("Rencana baru untuk yang ditandai", "A new plan for the flagged")
        )
        delays = await measure_delays(world, quick=options.quick)
        observed = await observe(world, cohort, setting.kafka)
        season = await gather(
            world,
            cohort,
            circumstances=Circumstances(
                city_code=city.code,
                city_name=city.name,
                today=world.today,
                seed=options.seed,
                quick=options.quick,
                began=began,
                seconds=time.monotonic() - started,
                broker=setting.broker_kind,
                machine=f"{cpu_count()} CPU, {platform.system()} {platform.machine()}",
                period_start=cohort.period_start,
                period_end=cohort.period_end,
            ),
            suspended=suspended,
            delays=delays,
            observed=observed,
        )
        return Played(season, cohort.id, _tokens(world, cohort))


def _taking_part(city: City, *, quick: bool) -> tuple[Village, ...]:
    """All villages, or a tenth of them, strewn over the districts."""
    if not quick:
        return city.villages
    count = min(len(city.villages), max(FEWEST_GROUPS, ceil(len(city.villages) / QUICK_SHARE)))
    every = len(city.villages) / count
    return tuple(city.villages[int(number * every)] for number in range(count))


async def _all_known(world: World) -> None:
    """Wait until placement knows every group that the registry has registered."""
    world.progress.begin(
        Text("Placement mengenal semua KIM", "Placement comes to know all groups"), 1
    )

    async def known() -> bool | None:
        found = await world.placement.read_all("/v1/kims", region=world.city.code, limit=200)
        versions = {one["id"]: one["version"] for one in found}
        behind = [one for one in world.groups.values() if versions.get(one.id, 0) < one.version]
        return True if not behind else None

    await until(known, seconds=30, what="the directory of groups")
    world.progress.advance()


def _tokens(world: World, cohort: Cohort) -> dict[str, str]:
    """A token a role, of persons that the season really has."""
    line = cohort.plans[-1].lines[0]
    group = world.groups[line["kim_id"]]
    return world.tokens.of_each_role(
        kim_id=group.id,
        region_code=group.dossier.village.code,
        enrolment_id=line["enrolment_id"],
        university_id=next(iter(cohort.quotas)),
    )
