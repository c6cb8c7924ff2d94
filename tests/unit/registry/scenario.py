"""given(kim).when(decision).then(event): a rule told as a story, with no mock and no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import pytest

from kentongan.contracts.event import Event
from kentongan.domain import Decision, DomainError
from services.registry.domain.kim import Kim

Step = Callable[[Kim], Decision[Kim]]


@dataclass
class Scenario:
    """What is given, and what came of the command."""

    kim: Kim
    decision: Decision[Kim] | None = None
    refusal: DomainError | None = None

    def when(self, step: Step) -> Self:
        try:
            self.decision = step(self.kim)
        except DomainError as refusal:
            self.refusal = refusal
        return self

    def then(self, event: type[Event] | None, **state: object) -> Decision[Kim]:
        if self.refusal is not None:
            pytest.fail(f"refused by {self.refusal.rule}: {self.refusal.facts}")
        assert self.decision is not None
        recorded = self.decision.event
        assert (None if recorded is None else type(recorded)) is event
        for field, expected in state.items():
            assert getattr(self.decision.state, field) == expected, field
        return self.decision

    def then_refused(self, error: type[DomainError], **expected: object) -> DomainError:
        assert self.decision is None, "the rule let it pass"
        assert type(self.refusal) is error
        found = {"field": self.refusal.field, **self.refusal.facts}
        assert {key: found.get(key) for key in expected} == expected
        return self.refusal


def given(kim: Kim) -> Scenario:
    return Scenario(kim)
