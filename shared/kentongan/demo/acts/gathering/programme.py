"""Groups, students and logbooks, from what registry and placement answer to queries."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from kentongan.demo.acts.changing import CATEGORIES
from kentongan.demo.acts.placing import Cohort, Plan, placed
from kentongan.demo.acts.world import World
from kentongan.demo.city.cohort import UNIVERSITIES
from kentongan.demo.summary import (
    Cell,
    DistrictCoverage,
    Logbook,
    ReasonShown,
    Text,
    UniversityPlacement,
)

REASONS_SHOWN, MOVED_SHOWN = 6, 3
Found = Mapping[str, Any]


def district_coverage(found: Found) -> DistrictCoverage:
    """A district (or the city), as the registry answers."""
    return DistrictCoverage(
        code=found["code"],
        name=found["name"],
        kelurahan=found["kelurahan"],
        registered=found["registered"],
        suspended=found["suspended"],
        target_percent=found["target"],
    )


def cells(world: World, kims: Sequence[Found], students: Sequence[Found]) -> tuple[Cell, ...]:
    """Every kelurahan with its group's standing and its students."""
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


def universities(cohort: Cohort, students: Sequence[Found]) -> tuple[UniversityPlacement, ...]:
    """Each university's students by where they stand."""
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


def matrix(kims: Sequence[Found], students: Sequence[Found]) -> dict[tuple[str, str], int]:
    """Students by university and district."""
    districts = {kim["id"]: kim["district_code"] for kim in kims}
    return dict(
        Counter(
            (one["university_id"], districts[one["assignment"]["kim_id"]])
            for one in placed(students)
        )
    )


def reasons(plans: Sequence[Plan], students: Sequence[Found]) -> tuple[ReasonShown, ...]:
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


def logbook(entries: Sequence[Found]) -> Logbook:
    """Entries by what became of them, verified minutes by category."""
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
