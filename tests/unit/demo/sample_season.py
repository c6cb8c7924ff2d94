"""A season made up for the page's tests: quick to build, with every part of the page filled."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.demo.city.cohort import UNIVERSITIES, quotas
from kentongan.demo.city.places import City, load_city
from kentongan.demo.clients.delays import Delays
from kentongan.demo.consistency.checker import Checked, Verdict
from kentongan.demo.consistency.findings import Finding, FindingKind
from kentongan.demo.summary import (
    Cell,
    Circumstances,
    DistrictCoverage,
    ImportFigures,
    Logbook,
    PlanFigures,
    ReasonShown,
    Refusals,
    RejectedLine,
    Season,
    Text,
    TopicFigures,
    UniversityPlacement,
)
from tests.unit.demo.sample_dates import BEGAN, TODAY
from tests.unit.demo.sample_outreach import (
    CAMPAIGNS,
    CONTENTS,
    CONTEST,
    GROUP_CONTENTS,
    WEBHOOKS,
)

LOST = Finding(FindingKind.LOST, "placement: kims", "5f0c", "KimUpdated never arrived")
PLAN = PlanFigures(
    students=114,
    unplaced=0,
    moves=0,
    cost=1580,
    groups=104,
    groups_without_students=0,
    fewest=1,
    most=2,
    same_university_pairs=0,
    seconds=0.4,
    spread=Counter({1: 94, 2: 10}),
)
CHECKED = Checked(1153, 16, 0, 569, 571, 571, 0, 2, 512, 700, {"votes": 2008, "awards": 2})
SEAT_TAKEN = Refusals(
    service="registry",
    rule="seat-taken",
    status=409,
    count=3,
    title=Text("Wilayah sudah memiliki KIM", "Seat taken"),
    detail=Text("Sudah ada <KIM> & kawan.", "There is a <KIM> & friends."),
    afterwards=Text("Dikembalikan.", "Returned."),
)


def sample_season(
    code: str = "36.71", *, quick: bool = False, findings: tuple[Finding, ...] = ()
) -> Season:
    city = load_city(code)
    taking_part = {village.code for village in city.villages[:: 10 if quick else 1]}
    suspended = min(taking_part)
    coverage = _coverage(city, taking_part, suspended)
    shares = quotas(114)
    return Season(
        circumstances=Circumstances(
            city_code=code,
            city_name=city.name,
            today=TODAY,
            seed=4711,
            quick=quick,
            began=BEGAN,
            seconds=48.2,
            broker="apache-kafka",
            machine="2 CPU, Linux x86_64",
            repeat="make demo CITY=36.71 SEED=1",
            period_start=TODAY - timedelta(days=14),
            period_end=TODAY + timedelta(days=47),
        ),
        coverage=coverage,
        total=DistrictCoverage(
            *(code, city.name, len(city.villages), len(taking_part) - 1, 1, 100.0)
        ),
        cells=_cells(city, taking_part, suspended),
        universities=tuple(
            UniversityPlacement(one.id, one.name, shares[one.id], shares[one.id] - 1, 1, 0)
            for one in UNIVERSITIES
        ),
        matrix={(one.id, coverage[0].code): 2 for one in UNIVERSITIES},
        plans=(PLAN, replace(PLAN, moves=2, fewest=0, spread=Counter({0: 1, 1: 93, 2: 9}))),
        suspended_group="KIM Sukarasa",
        flagged=2,
        reasons=(
            ReasonShown("Ilmu Gizi", "Universitas Raharja", "KIM Cikokol", (Text("a", "b"),), True),
        ),
        refusals=(SEAT_TAKEN,),
        enrolment=ImportFigures(
            120, 114, (RejectedLine(7, "duplicate-line", Text("Ganda.", "Twice.")),), 0
        ),
        logbook=Logbook(190, 13, 23, {"publikasi": 3000, "pendampingan-umkm": 2400}),
        topics=_topics(),
        contents=CONTENTS,
        group_contents=GROUP_CONTENTS,
        webhooks=WEBHOOKS,
        contest=CONTEST,
        campaigns=CAMPAIGNS,
        delays=Delays(tuple(float(10 + number % 40) for number in range(120))),
        verdict=Verdict(findings, CHECKED),
    )


def _coverage(city: City, taking_part: set[str], suspended: str) -> tuple[DistrictCoverage, ...]:
    shown: list[DistrictCoverage] = []
    for code, name in city.districts.items():
        villages = [one.code for one in city.villages if one.district_code == code]
        registered = sum(one in taking_part and one != suspended for one in villages)
        frozen = int(suspended in villages)
        shown.append(DistrictCoverage(code, name, len(villages), registered, frozen, 100.0))
    return tuple(shown)


def _cells(city: City, taking_part: set[str], suspended: str) -> tuple[Cell, ...]:
    def standing(code: str) -> str:
        if code == suspended:
            return "suspended"
        return "registered" if code in taking_part else "none"

    return tuple(
        Cell(one.code, one.name, one.district_code, standing(one.code), number % 4)
        for number, one in enumerate(city.villages)
    )


def _topics() -> tuple[TopicFigures, ...]:
    """All topics of the catalogue, the events of the first at different times."""
    times = tuple(BEGAN + timedelta(seconds=number / 4) for number in range(100))
    counts = iter(range(261, 0, -7))
    shown: list[TopicFigures] = []
    for name, topic in CATALOGUE.topics.items():
        kinds = [event.contract for event in CATALOGUE.events if event.contract.topic is topic]
        by_name = {kind.name: next(counts) for kind in kinds}
        readers = tuple(sorted({reader for kind in kinds for reader in kind.readers}))
        records = sum(by_name.values())
        shown.append(
            TopicFigures(name, topic.service, readers, records, by_name, () if shown else times)
        )
    return tuple(shown)
