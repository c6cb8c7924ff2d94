"""A content's life as pure decisions: who may do what when, and what the world hears of it."""

from datetime import timedelta

import pytest

from kentongan.contracts.broadcast import (
    ContentCorrected,
    ContentDelivered,
    ContentPublished,
    ContentRetracted,
)
from services.broadcast.domain import errors
from services.broadcast.domain.audiences import Audience, own_region
from services.broadcast.domain.contents import ContentKind, ContentStatus, PlanningStatus, Reach
from services.broadcast.domain.delivering import complete_planning, record_reach
from services.broadcast.domain.drafting import (
    draft_by_city,
    draft_by_kim,
    edit_by_city,
    edit_by_kim,
    return_to_draft,
    submit,
)
from services.broadcast.domain.editions import MOST_EDITIONS, Writing
from services.broadcast.domain.publishing import (
    correct,
    publish_by_city,
    publish_by_kim,
    publish_due,
    retract,
)
from tests.unit.broadcast.builders import NOW, WRITING, content, draft, kim, of_kim, published

LATER = NOW + timedelta(hours=1)
CITY = Audience(regions=("36.71",))


@pytest.mark.parametrize("kind", [ContentKind.INFORMATION, ContentKind.CLARIFICATION])
def test_some_kinds_are_the_citys(kind: ContentKind) -> None:
    assert draft_by_city("c", draft(kind), "36.71", NOW).state.kind is kind
    with pytest.raises(errors.KindForCityOnly):
        draft_by_kim("c", draft(kind), kim(), NOW)
    with pytest.raises(errors.KindForCityOnly):
        edit_by_kim(of_kim(), draft(kind), NOW)
    with pytest.raises(errors.KindForCityOnly):
        edit_by_city(of_kim(ContentStatus.IN_REVIEW), draft(kind), "36.71", NOW)


def test_a_group_addresses_its_own_region() -> None:
    own = own_region("36.71.07.1013")
    assert draft_by_kim("c", draft(audience=own), kim(), NOW).state.audience == own
    with pytest.raises(errors.AudienceOfGroup):
        draft_by_kim("c", draft(audience=CITY), kim(), NOW)
    with pytest.raises(errors.AudienceOfGroup):
        edit_by_kim(of_kim(), draft(audience=CITY), NOW)


def test_what_a_group_publishes_itself_is_in_nobodys_inbox() -> None:
    once_wide = of_kim(audience=CITY)
    decision = publish_by_kim(once_wide, kim(), None, NOW)
    assert decision.state.addressed is False
    assert decision.state.audience == own_region("36.71.07.1013")
    reviewed = publish_by_city(of_kim(ContentStatus.IN_REVIEW, audience=CITY), None, NOW)
    assert (reviewed.state.addressed, reviewed.state.audience) == (True, CITY)


@pytest.mark.parametrize("status", ["suspended", "dissolved"])
def test_a_group_that_is_not_registered_publishes_nothing(status: str) -> None:
    gone = kim(status=status)
    with pytest.raises(errors.KimNotRegistered):
        draft_by_kim("c", draft(), gone, NOW)
    with pytest.raises(errors.KimNotRegistered):
        publish_by_kim(of_kim(), gone, None, NOW)


def test_each_step_has_its_place() -> None:
    allowed = {
        "submit": {ContentStatus.DRAFT},
        "return": {ContentStatus.IN_REVIEW, ContentStatus.SCHEDULED},
        "publish": {ContentStatus.IN_REVIEW, ContentStatus.SCHEDULED},
        "edit": {ContentStatus.DRAFT, ContentStatus.IN_REVIEW},
        "correct": {ContentStatus.PUBLISHED},
        "retract": {ContentStatus.PUBLISHED},
    }
    steps = {
        "submit": lambda each: submit(each, NOW),
        "return": lambda each: return_to_draft(each, "Belum.", NOW),
        "publish": lambda each: publish_by_city(each, None, NOW),
        "edit": lambda each: edit_by_city(each, draft(), "36.71", NOW),
        "correct": lambda each: correct(each, Writing(title="a", summary="b"), "c", NOW),
        "retract": lambda each: retract(each, "Batal.", NOW),
    }
    for name, step in steps.items():
        for status in ContentStatus:
            given = content(status, published_at=NOW)
            if status in allowed[name]:
                assert step(given).state.status
            else:
                with pytest.raises(errors.ImpossibleTransition):
                    step(given)


def test_publishing_begins_the_first_edition() -> None:
    decision = publish_by_city(content(ContentStatus.IN_REVIEW), None, NOW)
    assert isinstance(decision.event, ContentPublished)
    assert (decision.event.edition, decision.event.published_at) == (1, NOW)
    assert [each.writing for each in decision.state.editions] == [WRITING]
    planning = decision.state.planning
    assert planning is not None
    assert (planning.edition, planning.status) == (1, PlanningStatus.PLANNING)


def test_a_time_must_lie_ahead_and_then_comes_once() -> None:
    for at in (NOW, NOW - timedelta(seconds=1)):
        with pytest.raises(errors.PublicationTimePast):
            publish_by_city(content(ContentStatus.IN_REVIEW), at, NOW)
    scheduled = publish_by_city(content(ContentStatus.IN_REVIEW), LATER, NOW)
    assert (scheduled.state.status, scheduled.event) == (ContentStatus.SCHEDULED, None)
    with pytest.raises(errors.PublicationNotDue):
        publish_due(scheduled.state, LATER - timedelta(milliseconds=1))
    due = publish_due(scheduled.state, LATER)
    assert isinstance(due.event, ContentPublished) and due.event.published_at == LATER
    with pytest.raises(errors.PublicationNotDue):
        publish_due(due.state, LATER)


def test_a_correction_is_a_new_edition_and_the_old_one_stays() -> None:
    wording = Writing(title="Jadwal baru", summary="Gratis.")
    decision = correct(published(), wording, "Jamnya keliru.", LATER)
    assert isinstance(decision.event, ContentCorrected)
    assert (decision.event.edition, decision.event.title) == (2, "Jadwal baru")
    assert (decision.event.published_at, decision.event.corrected_at) == (NOW, LATER)
    assert [(each.number, each.reason) for each in decision.state.editions] == [
        (1, None),
        (2, "Jamnya keliru."),
    ]
    assert "Jamnya keliru" not in decision.event.model_dump_json()
    with pytest.raises(errors.NothingCorrected):
        correct(decision.state, wording, "Lagi.", LATER)


def test_a_history_has_an_end() -> None:
    state = published()
    for number in range(2, MOST_EDITIONS + 1):
        state = correct(state, Writing(title=f"Edisi {number}", summary="x"), "x", NOW).state
    with pytest.raises(errors.TooManyEditions):
        correct(state, Writing(title="Satu lagi", summary="x"), "x", NOW)


def test_a_retraction_leaves_the_planning_to_the_courier() -> None:
    decision = retract(published(), "Batal.", LATER)
    assert isinstance(decision.event, ContentRetracted)
    assert (decision.event.status, decision.event.retracted_at) == ("retracted", LATER)
    assert decision.state.planning == published().planning
    ended = complete_planning(decision.state, 1, 3, LATER).state
    reach = Reach(edition=1, groups=3, delivered=1, failed=0, cancelled=2, late=0)
    final = record_reach(ended, reach)
    assert isinstance(final.event, ContentDelivered)
    assert (final.event.status, final.event.reach.cancelled) == ("retracted", 2)  # type: ignore[union-attr]


def test_the_figures_are_published_once_and_of_the_newest_edition() -> None:
    reach = Reach(edition=1, groups=3, delivered=3, failed=0, cancelled=0, late=1)
    with pytest.raises(errors.EditionPassed):
        record_reach(published(), reach)
    planned = complete_planning(published(), 1, 3, NOW)
    assert planned.event is None
    with pytest.raises(errors.EditionPassed):
        complete_planning(planned.state, 1, 3, NOW)
    delivered = record_reach(planned.state, reach)
    assert delivered.state.updated_at == planned.state.updated_at
    with pytest.raises(errors.EditionPassed):
        record_reach(delivered.state, reach)
    corrected = correct(delivered.state, Writing(title="Lain", summary="x"), "x", LATER)
    assert corrected.event is not None and corrected.state.reach is None
    for late in (lambda: complete_planning(corrected.state, 1, 3, LATER),):
        with pytest.raises(errors.EditionPassed):
            late()
