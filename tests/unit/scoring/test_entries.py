from datetime import timedelta

import pytest

from services.scoring.domain import errors
from services.scoring.domain.competitions import Closing, CompetitionStatus
from services.scoring.domain.entries import Submission, entry_id, submit_entry
from tests.unit.scoring.contests import NOW, competition, kim, stage

WORK = Submission(title="Lapak digital", summary="Toko bersama.", links=("https://a.example.id",))


def test_a_registered_group_enters() -> None:
    decision = submit_entry(competition(), kim(), WORK, NOW)
    assert decision.state.entry_id == entry_id("c1", "kim-1")
    assert decision.event is not None
    assert decision.event.model_dump() == {
        "entry_id": entry_id("c1", "kim-1"),
        "competition_id": "c1",
        "kim_id": "kim-1",
        "region_code": "36.71.07.1013",
        "title": "Lapak digital",
        "summary": "Toko bersama.",
        "links": ["https://a.example.id"],
        "submitted_at": NOW,
    }


@pytest.mark.parametrize("status", ["suspended", "dissolved"])
def test_only_registered_groups_enter(status: str) -> None:
    with pytest.raises(errors.KimNotRegistered):
        submit_entry(competition(), kim(status=status), WORK, NOW)


def test_a_region_matches_at_a_dot() -> None:
    for outside in ("36.72.07.1013", "36.711.07.1013"):
        with pytest.raises(errors.KimOutsideCompetition):
            submit_entry(competition(), kim(region_code=outside), WORK, NOW)


def test_submissions_end_at_their_moment_and_with_the_first_closing() -> None:
    until = competition().submissions_until
    submit_entry(competition(), kim(), WORK, until - timedelta(milliseconds=1))
    closing = competition(
        status=CompetitionStatus.CLOSING, closing=Closing(stage=1, started_at=NOW)
    )
    closed = competition(stage(1, closed_at=NOW), stage(2))
    for contest, now in ((competition(), until), (closing, NOW), (closed, NOW)):
        with pytest.raises(errors.SubmissionsOver):
            submit_entry(contest, kim(), WORK, now)


def test_an_entry_id_is_natural_and_opaque() -> None:
    assert entry_id("c1", "kim-1") == entry_id("c1", "kim-1")
    assert len({entry_id("c1", "kim-1"), entry_id("c1", "kim-2"), entry_id("c2", "kim-1")}) == 3
    assert "kim-1" not in entry_id("c1", "kim-1")
