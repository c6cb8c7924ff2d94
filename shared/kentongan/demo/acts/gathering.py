"""Puts together what is shown, from what the services answer to queries."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from kentongan.demo.acts.changing import CATEGORIES
from kentongan.demo.acts.observing import Observed, topic_figures
from kentongan.demo.acts.placing import Cohort, Plan, enrolments, placed
from kentongan.demo.acts.world import Group, World
from kentongan.demo.city.cohort import UNIVERSITIES
from kentongan.demo.clients.delays import Delays
from kentongan.demo.summary import (
    Cell,
    Circumstances,
    DistrictCoverage,
    Logbook,
    ReasonShown,
    Refusals,
    Season,
    Text,
    UniversityPlacement,
)

REASONS_SHOWN, MOVED_SHOWN = 6, 3
Found = Mapping[str, Any]


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
    coverage = await world.registry.read("/v1/coverage", region=world.city.code)
    kims = await world.placement.read_all("/v1/kims", region=world.city.code, limit=200)
    students = await enrolments(world, cohort)
    return Season(
        circumstances=circumstances,
        coverage=tuple(_coverage(district) for district in coverage["districts"]),
        total=_coverage(coverage["total"]),
        cells=_cells(world, kims, students),
        universities=_universities(cohort, students),
        matrix=_matrix(kims, students),
        plans=tuple(plan.figures for plan in cohort.plans),
        suspended_group=suspended[0].dossier.name,
        flagged=suspended[1],
        reasons=_reasons(cohort.plans, students),
        refusals=_refusals(world),
        enrolment=cohort.enrolment,
        logbook=_logbook(observed.entries),
        topics=topic_figures(observed.reading),
        delays=delays,
        verdict=observed.verdict,
    )


def _coverage(found: Found) -> DistrictCoverage:
    return DistrictCoverage(
        code=found["code"],
        name=found["name"],
        kelurahan=found["kelurahan"],
        registered=found["registered"],
        suspended=found["suspended"],
        target_percent=found["target"],
    )


def _cells(world: World, kims: Sequence[Found], students: Sequence[Found]) -> tuple[Cell, ...]:
    standing = {kim["region_code"]: kim["status"] for kim in kims if kim["status"] != "dissolved"}
    count = Counter(one["assignment"]["region_code"] for one in placed(students))
    return tuple(
        Cell(
            code=village.code,
            name=village.name,
            district_code=village.district_code,
            standing=standing.get(village.code, "none"),
            students=count[village.code],
        )
        for village in world.city.villages
    )


def _universities(cohort: Cohort, students: Sequence[Found]) -> tuple[UniversityPlacement, ...]:
    by_university: dict[str, Counter[str]] = defaultdict(Counter)
    for one in students:
        by_university[one["university_id"]][one["status"]] += 1
    shown: list[UniversityPlacement] = []
    for university in UNIVERSITIES:
        counts = by_university[university.id]
        assigned = counts["assigned"] + counts["flagged"]
        shown.append(
            UniversityPlacement(
                id=university.id,
                name=university.name,
                quota=cohort.quotas[university.id],
                assigned=assigned,
                withdrawn=counts["withdrawn"],
                waiting=counts.total() - assigned - counts["withdrawn"],
            )
        )
    return tuple(shown)


def _matrix(kims: Sequence[Found], students: Sequence[Found]) -> dict[tuple[str, str], int]:
    districts = {kim["id"]: kim["district_code"] for kim in kims}
    return dict(
        Counter(
            (one["university_id"], districts[one["assignment"]["kim_id"]])
            for one in placed(students)
        )
    )


def _reasons(plans: Sequence[Plan], students: Sequence[Found]) -> tuple[ReasonShown, ...]:
    """Lines whose reasons differ most, the moved ones of the last plan at the end."""
    by_id = {one["id"]: one for one in students}
    chosen: dict[tuple[str, ...], tuple[Found, bool]] = {}
    for line in plans[0].lines:
        codes = tuple(reason["code"] for reason in line["reasons"])
        chosen.setdefault(codes, (line, False))
    most = sorted(chosen.values(), key=lambda one: -len(one[0]["reasons"]))[:REASONS_SHOWN]
    moved = [
        (line, True)
        for line in plans[-1].lines
        if line["previous_kim_id"] not in {None, line["kim_id"]}
    ]
    return tuple(
        ReasonShown(
            programme=by_id[line["enrolment_id"]]["study_programme"],
            university=by_id[line["enrolment_id"]]["university_name"],
            group=line["kim_name"],
            reasons=tuple(Text(reason["text"], reason["text_en"]) for reason in line["reasons"]),
            moved=is_moved,
        )
        for line, is_moved in (*most, *moved[:MOVED_SHOWN])
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


def _logbook(entries: Sequence[Found]) -> Logbook:
    statuses = Counter(one["status"] for one in entries)
    minutes = dict.fromkeys(CATEGORIES, 0)
    for one in entries:
        if one["status"] == "verified":
            minutes[one["category"]] += one["minutes"]
    return Logbook(
        verified=statuses["verified"],
        rejected=statuses["rejected"],
        pending=statuses["pending"],
        minutes={category: total for category, total in minutes.items() if total},
    )
