"""Competitions, entries and judges to decide upon."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kentongan.domain.kims import Kim
from services.scoring.domain.competitions import Competition, Stage
from services.scoring.domain.entries import Entry, Participation, Score
from services.scoring.domain.rubrics import ActivityFormula, Criterion, CriterionKind
from services.scoring.domain.scores import Judging

NOW = datetime(2026, 10, 20, 3, 0, tzinfo=UTC)
DEADLINE = NOW + timedelta(days=10)
JUDGES = ("juri-1", "juri-2", "juri-3")


def criterion(criterion_id: str = "kreativitas", **changed: Any) -> Criterion:
    facts = {
        "criterion_id": criterion_id,
        "name": criterion_id.title(),
        "kind": CriterionKind.JUDGED,
        "weight": 60,
        "scale_min": 0,
        "scale_max": 100,
    }
    return Criterion(**facts | changed)


def counted(**changed: Any) -> Criterion:
    formula = ActivityFormula(per_content=2, per_activity=1, target=8)
    facts = {"kind": CriterionKind.ACTIVITY, "weight": 40, "activity": formula}
    return criterion("keaktifan", **facts | changed)


def stage(number: int = 1, *criteria: Criterion, **changed: Any) -> Stage:
    facts = {
        "number": number,
        "name": f"Tahap {number}",
        "criteria": criteria or (criterion(),),
        "judges": JUDGES,
        "deadline": DEADLINE,
    }
    return Stage(**facts | changed)


def competition(*stages: Stage, **changed: Any) -> Competition:
    facts = {
        "competition_id": "c1",
        "title": "Lomba",
        "region_code": "36.71",
        "period_start": date(2026, 9, 25),
        "period_end": date(2026, 11, 5),
        "submissions_until": NOW + timedelta(days=5),
        "stages": stages or (stage(),),
    }
    return Competition(**facts | changed)


def kim(**changed: Any) -> Kim:
    facts = {
        "kim_id": "kim-1",
        "name": "KIM Gerendeng",
        "status": "registered",
        "region_code": "36.71.07.1013",
        "region_name": "Gerendeng",
        "level": "kelurahan",
        "district_code": "36.71.07",
        "district_name": "Karawaci",
        "city_code": "36.71",
        "potentials": ("kuliner", "umkm"),
        "nik_komunitas": "36.71-0001",
        "valid_until": date(2029, 1, 11),
    }
    return Kim(**facts | changed)


def score(judge_id: str, points: int, criterion_id: str = "kreativitas") -> Score:
    return Score(judge_id=judge_id, criterion_id=criterion_id, points=points, scored_at=NOW)


def entry(*scores: Score, **changed: Any) -> Entry:
    facts = {
        "entry_id": "e1",
        "competition_id": "c1",
        "kim_id": "kim-1",
        "region_code": "36.71.07.1013",
        "title": "Lapak digital",
        "summary": "Toko bersama.",
        "links": (),
        "submitted_at": NOW,
        "stages": (Participation(number=1, scores=scores),),
    }
    return Entry(**facts | changed)


def judging(judge_id: str = "juri-1", number: int = 1, **changed: Any) -> Judging:
    return replace(Judging(competition(), number, judge_id, NOW), **changed)
