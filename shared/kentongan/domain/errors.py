"""The base of all errors that a rule raises."""

from typing import ClassVar


class DomainError(Exception):
    """A rule said no. Subclasses are domain words; each service has one table that words them.

    `rule` names the rule for machines; `facts` fill the table's sentences and must hold no personal
    data; `field` is a JSON pointer into the payload where the rule concerns one field.
    """

    rule: ClassVar[str] = "rule"

    def __init__(self, *, field: str | None = None, **facts: object) -> None:
        super().__init__(self.rule)
        self.field = field
        self.facts = facts


class NotKnownYet(DomainError):
    """A command names an aggregate of another service that the directory doesn't know (yet).

    Never a 404: its event may still be on the way. Facts: `kind` (what it is) and `id`.
    """

    rule = "not-known-yet"
    retry_after = 1
    """Seconds."""
