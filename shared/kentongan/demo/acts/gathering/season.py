"""Puts together what is shown, from what the services answer to queries."""

from collections import Counter

from kentongan.demo.acts.gathering.broadcast import content_shown, group_contents, webhook_figures
from kentongan.demo.acts.gathering.programme import (
    cells,
    district_coverage,
    logbook,
    matrix,
    reasons,
    universities,
)
from kentongan.demo.acts.gathering.scoring import campaign_shown, contest_shown
from kentongan.demo.acts.observing import Observed, topic_figures
from kentongan.demo.acts.placing import Cohort, enrolments
from kentongan.demo.acts.views.reading import read_each
from kentongan.demo.acts.world import Group, World
from kentongan.demo.clients.delays import Delays
from kentongan.demo.summary import Circumstances, Refusals, Season, Text


async def gather(
    world: World,
    cohort: Cohort,
    *,
    circumstances: Circumstances,
    suspended: tuple[Group, int],
    delays: Delays,
    observed: Observed,
) -> Season:
    """The season's figures, as the services' public queries tell them."""
    if cohort.enrolment is None:
        raise ValueError("the cohort was never enrolled")
    outreach = observed.outreach
    coverage = await world.registry.read("/v1/coverage", region=world.city.code)
    kims = await world.placement.read_all("/v1/kims", region=world.city.code, limit=200)
    students = await enrolments(world, cohort)
    return Season(
        circumstances=circumstances,
        coverage=tuple(district_coverage(district) for district in coverage["districts"]),
        total=district_coverage(coverage["total"]),
        cells=cells(world, kims, students),
        universities=universities(cohort, students),
        matrix=matrix(kims, students),
        plans=tuple(plan.figures for plan in cohort.plans),
        suspended_group=suspended[0].dossier.name,
        flagged=suspended[1],
        reasons=reasons(cohort.plans, students),
        refusals=_refusals(world),
        enrolment=cohort.enrolment,
        logbook=logbook(observed.entries),
        topics=topic_figures(observed.reading),
        contents=tuple(await read_each(outreach.contents, lambda one: content_shown(world, one))),
        group_contents=await group_contents(world, observed.notices),
        webhooks=await webhook_figures(world, outreach.channels),
        contest=await contest_shown(world, outreach.contest),
        campaigns=tuple(
            await read_each(outreach.campaigns, lambda one: campaign_shown(world, one))
        ),
        delays=delays,
        verdict=observed.verdict,
    )


def _refusals(world: World) -> tuple[Refusals, ...]:
    counts = Counter(refused.problem.rule for refused in world.refused)
    first = {refused.problem.rule: refused for refused in reversed(world.refused)}
    return tuple(
        Refusals(
            service=first[rule].service,
            rule=rule,
            status=first[rule].problem.status,
            count=count,
            title=Text(first[rule].problem.title, first[rule].problem.title_en),
            detail=Text(first[rule].problem.detail, first[rule].problem.detail_en),
            afterwards=first[rule].afterwards,
        )
        for rule, count in counts.most_common()
    )
