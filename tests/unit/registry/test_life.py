"""Whatever is done to two rival groups in whatever order: the promises of the registry hold."""

from datetime import date

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kentongan.contracts.registry import KimDissolved, KimState
from kentongan.domain import DomainError
from services.registry.domain.decree import set_decree
from services.registry.domain.kim import BoardRole, Decree, Kim, Link, Office, Status
from services.registry.domain.members import Declaration, MemberEntry, set_members
from services.registry.domain.proposing import set_profile
from services.registry.domain.standing import (
    dissolve,
    register,
    reinstate,
    return_with_reasons,
    submit,
    suspend,
)
from tests.unit.registry.builders import NOW, RULES, board, decree, proposed

KIMS = ("kim-1", "kim-2")
SECRET = "Rahasia"
"""Marks every personal datum and every reason that the machine puts in."""

which = st.sampled_from(KIMS)
persons = st.builds(
    MemberEntry,
    name=st.text("abc", min_size=1, max_size=8).map(lambda name: f"{SECRET} {name}"),
    birth_date=st.dates(date(1921, 1, 1), date(2020, 1, 1)),
    role=st.sampled_from(BoardRole),
    declaration=st.none()
    | st.builds(
        Declaration,
        declared_on=st.just(date(2026, 1, 1)),
        not_civil_servant=st.booleans(),
        not_affiliated=st.booleans(),
    ),
)
good_boards = st.integers(3, 30).map(
    lambda count: [
        MemberEntry(f"{SECRET} {place}", line.birth_date, line.role, line.declaration)
        for place, line in enumerate(board(count))
    ]
)
decrees = st.builds(
    Decree,
    number=st.just("148/2026"),
    date=st.just(date(2026, 1, 1)),
    office=st.sampled_from(Office),
    region_code=st.sampled_from(["36.71.07.1013", "36.71.07"]),
    valid_from=st.just(date(2026, 1, 1)),
    valid_until=st.sampled_from([date(2026, 2, 1), date(2028, 1, 1)]),
)


def handed_in(kim_id: str, entries: list[MemberEntry]) -> Kim:
    """A submitted group: reached step by step it would be a rare accident."""
    kim = set_members(proposed(kim_id=kim_id), entries, rules=RULES, now=NOW).state
    kim = set_decree(kim, decree(), rules=RULES, now=NOW).state
    return submit(kim, rules=RULES, now=NOW).state


class TwoGroupsOfOneKelurahan(RuleBasedStateMachine):
    """The machine plays the unique indexes: a number or a seat that is held refuses the write."""

    @initialize(ready=st.tuples(st.booleans(), st.booleans()), entries=good_boards)
    def begin(self, ready, entries) -> None:
        self.kims: dict[str, Kim] = {
            kim_id: handed_in(kim_id, entries) if is_ready else proposed(kim_id=kim_id)
            for kim_id, is_ready in zip(KIMS, ready, strict=True)
        }
        self.events: list[KimState] = []
        self.issued: dict[str, str] = {}

    def decide(self, kim_id, step) -> None:
        before = self.kims[kim_id]
        try:
            decision = step(before)
        except DomainError:
            return
        others = [kim for other, kim in self.kims.items() if other != kim_id]
        seat = decision.state.seat
        if seat is not None and any(kim.seat == seat for kim in others):
            return
        self.kims[kim_id] = decision.state
        if decision.event is not None:
            self.events.append(decision.event)

    @rule(kim_id=which, entries=good_boards | st.lists(persons, max_size=32))
    def members(self, kim_id, entries):
        self.decide(kim_id, lambda kim: set_members(kim, entries, rules=RULES, now=NOW))

    @rule(kim_id=which, found=decrees | st.just(decree()))
    def decree(self, kim_id, found):
        self.decide(kim_id, lambda kim: set_decree(kim, found, rules=RULES, now=NOW))

    @rule(
        kim_id=which,
        name=st.sampled_from(["KIM A", f"{SECRET} 081234567890"]),
        url=st.sampled_from(["https://kim.example.id", f"https://wa.me/{SECRET}"]),
    )
    def profile(self, kim_id, name, url):
        links = [Link(kind="website", url=url)]
        self.decide(
            kim_id,
            lambda kim: set_profile(
                kim, name=name, potentials=["kwt"], links=links, aliases=[], rules=RULES
            ),
        )

    @rule(kim_id=which)
    def submitted(self, kim_id):
        self.decide(kim_id, lambda kim: submit(kim, rules=RULES, now=NOW))

    @rule(kim_id=which)
    def returned(self, kim_id):
        self.decide(kim_id, lambda kim: return_with_reasons(kim, [SECRET]))

    @rule(kim_id=which)
    def registered(self, kim_id):
        number = max([kim.number or 0 for kim in self.kims.values()]) + 1
        self.decide(kim_id, lambda kim: register(kim, number=number, rules=RULES, now=NOW))

    @rule(kim_id=which)
    def forward(self, kim_id):
        """The step that suits the status, so that lives get long."""
        steps = {
            Status.PROPOSED: self.submitted,
            Status.SUBMITTED: self.registered,
            Status.REGISTERED: self.suspended,
            Status.SUSPENDED: self.reinstated,
        }
        if step := steps.get(self.kims[kim_id].status):
            step(kim_id)

    @rule(kim_id=which)
    def suspended(self, kim_id):
        self.decide(kim_id, lambda kim: suspend(kim, SECRET))

    @rule(kim_id=which)
    def reinstated(self, kim_id):
        self.decide(kim_id, lambda kim: reinstate(kim, rules=RULES, now=NOW))

    @rule(kim_id=which)
    def dissolved(self, kim_id):
        self.decide(kim_id, lambda kim: dissolve(kim, SECRET))

    @invariant()
    def no_event_holds_personal_data(self):
        for event in getattr(self, "events", []):
            assert SECRET not in event.model_dump_json()

    @invariant()
    def the_newest_event_is_the_groups_public_state(self):
        newest = {event.kim_id: event for event in getattr(self, "events", [])}
        for kim_id, kim in getattr(self, "kims", {}).items():
            if kim.number is None:
                assert kim_id not in newest
                continue
            event = newest[kim_id]
            assert event.status == kim.status.value
            assert event.nik_komunitas == kim.nik_komunitas
            assert event.member_count == len(kim.members)
            assert isinstance(event, KimDissolved) == (kim.status is Status.DISSOLVED)

    @invariant()
    def one_seat_and_a_number_for_good(self):
        kims = list(getattr(self, "kims", {}).values())
        held = [kim.seat for kim in kims if kim.seat is not None]
        assert len(held) == len(set(held))
        for kim in kims:
            holds = kim.status in {Status.REGISTERED, Status.SUSPENDED}
            assert (kim.seat is not None) == holds
            if kim.nik_komunitas is not None:
                assert self.issued.setdefault(kim.kim_id, kim.nik_komunitas) == kim.nik_komunitas
        assert len(set(self.issued.values() if kims else ())) == len(self.issued if kims else ())

    @invariant()
    def whoever_is_past_proposing_has_enough_members(self):
        for kim in getattr(self, "kims", {}).values():
            if kim.status in {Status.SUBMITTED, Status.REGISTERED, Status.SUSPENDED}:
                assert 3 <= len(kim.members) <= 30
                assert all(member.declared_on for member in kim.members if member.on_board)


TestTwoGroupsOfOneKelurahan = TwoGroupsOfOneKelurahan.TestCase
TestTwoGroupsOfOneKelurahan.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
