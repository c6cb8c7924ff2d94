"""The script of a season: which act follows which. All acts use the public interfaces only."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from math import ceil

from kentongan.demo.acts.awarding import publish_results
from kentongan.demo.acts.changing import keep_logbooks, let_some_leave, suspend_a_group
from kentongan.demo.acts.entering import enter, open_contest
from kentongan.demo.acts.gathering import gather
from kentongan.demo.acts.judging import judge_final, judge_first_stage
from kentongan.demo.acts.observing import measure_delays, observe, until_all_known
from kentongan.demo.acts.outreach import Outreach
from kentongan.demo.acts.placing import (
    Cohort,
    brief,
    enrol_from_file,
    open_cohort,
    plan_and_confirm,
)
from kentongan.demo.acts.publishing import publish_of_city, publish_of_groups, until_delivered
from kentongan.demo.acts.registering import edit_profiles, register_groups
from kentongan.demo.acts.subscribing import INTEGRATOR, register_webhooks
from kentongan.demo.acts.voting import (
    end_short_campaign,
    favourite,
    open_short_campaign,
    prepare_residents,
    vote_for_finalists,
)
from kentongan.demo.acts.world import Group, Progress, World
from kentongan.demo.city.cohort import STUDENTS
from kentongan.demo.city.contest import JUDGES
from kentongan.demo.city.places import City, Village, load_city
from kentongan.demo.clients.bearers import Bearer
from kentongan.demo.clients.endpoint import Endpoint, connected
from kentongan.demo.clients.service_client import ServiceClient
from kentongan.demo.clients.tokens import Tokens
from kentongan.demo.consistency.journal import Journal
from kentongan.demo.options import DemoOptions
from kentongan.demo.receiver.client import receiving
from kentongan.demo.setting import Setting
from kentongan.demo.summary import Circumstances, Season, Text
from kentongan.domain.calendar import day_in
from kentongan.domain.clock import utc_now

SERVICES = ("registry", "placement", "broadcast", "scoring")
QUICK_SHARE = 10
FEWEST_GROUPS = 4
"""Below this a season can't show all its refusals."""


@dataclass(frozen=True, slots=True)
class Played:
    """A season that is over, and ids by which a person may look around in it."""

    season: Season
    cohort_id: str
    competition_id: str
    campaign_id: str
    tokens: dict[str, str]


async def play(
    options: DemoOptions, setting: Setting, journal: Journal, progress: Progress
) -> Played:
    """Play the whole season. Raises SeasonDeviated, CommandRefused, WaitedInVain, NeverVisible."""
    began, started = utc_now(), time.monotonic()
    city = load_city(options.city)
    async with (
        _services(setting.services, journal) as services,
        receiving(setting.receiver) as receiver,
    ):
        world = World(
            city=city,
            villages=_taking_part(city, quick=options.quick),
            students=ceil(STUDENTS / QUICK_SHARE) if options.quick else STUDENTS,
            seed=options.seed,
            today=day_in(city.code, began),
            registry=services["registry"],
            placement=services["placement"],
            broadcast=services["broadcast"],
            scoring=services["scoring"],
            receiver=receiver,
            journal=journal,
            tokens=Tokens(city.code, setting.issuer),
            progress=progress,
        )
        await register_groups(world)
        await edit_profiles(world)
        await until_all_known(world)
        cohort, suspended = await _place(world)
        outreach = await _reach_out(world, cohort, suspended[0], quick=options.quick)
        delays = await measure_delays(world, quick=options.quick)
        observed = await observe(world, cohort, outreach, setting.kafka)
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
                machine=setting.machine,
                repeat=setting.repeat,
                period_start=cohort.period_start,
                period_end=cohort.period_end,
            ),
            suspended=suspended,
            delays=delays,
            observed=observed,
        )
        return Played(
            season,
            cohort.id,
            outreach.contest.id,
            outreach.campaigns[0].id,
            {role: await one.token() for role, one in _of_each_role(world, cohort).items()},
        )


@asynccontextmanager
async def _services(
    endpoints: Mapping[str, Endpoint], journal: Journal
) -> AsyncIterator[dict[str, ServiceClient]]:
    """A client of each service, by its name."""
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(connected(endpoints[name], journal))
            for name in SERVICES
        }


async def _place(world: World) -> tuple[Cohort, tuple[Group, int]]:
    """Students are placed and keep their logbooks; one group is suspended and left."""
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
    return cohort, suspended


async def _reach_out(world: World, cohort: Cohort, suspended: Group, *, quick: bool) -> Outreach:
    """News goes out, the contest is judged, residents vote; what takes its time goes on beside."""
    await until_all_known(world)
    groups = [group for group in world.groups.values() if group.id != suspended.id]
    groups.sort(key=lambda group: group.dossier.village.code)
    channels = await register_webhooks(world, groups)
    contents = await publish_of_city(world, groups)
    await publish_of_groups(world, groups)
    contest = await open_contest(world, cohort.period_start.isoformat())
    await enter(world, contest, groups, suspended)
    await judge_first_stage(world, contest)
    await prepare_residents(world, quick=quick)
    short, ends_at = await open_short_campaign(world)
    campaign = await vote_for_finalists(world, contest, quick=quick)
    await judge_final(world, contest)
    await publish_results(world, contest, await favourite(world, contest, campaign))
    await end_short_campaign(world, short, ends_at)
    await until_delivered(world, contents, channels)
    return Outreach(tuple(channels), tuple(contents), contest, (campaign, short))


def _taking_part(city: City, *, quick: bool) -> tuple[Village, ...]:
    """All villages, or a tenth of them, strewn over the districts."""
    if not quick:
        return city.villages
    count = min(len(city.villages), max(FEWEST_GROUPS, ceil(len(city.villages) / QUICK_SHARE)))
    every = len(city.villages) / count
    return tuple(city.villages[int(number * every)] for number in range(count))


def _of_each_role(world: World, cohort: Cohort) -> dict[str, Bearer]:
    """A person a role, of those that the season really has."""
    line = cohort.plans[-1].lines[0]
    group = world.groups[line["kim_id"]]
    return world.tokens.of_each_role(
        kim_id=group.id,
        region_code=group.dossier.village.code,
        enrolment_id=line["enrolment_id"],
        university_id=next(iter(cohort.quotas)),
        judge_id=JUDGES[0],
        integrator=INTEGRATOR,
    )
