"""The trail of an aggregate, as its query shows it."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from kentongan.storage.aggregates.store import DecisionEntry


class DecisionShown(BaseModel):
    """Who decided what, when and under which rule; `note` holds a reason."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    actor: str
    command: str
    rule: str
    version: int
    note: str | None


def show_decisions(entries: Iterable[DecisionEntry]) -> list[DecisionShown]:
    """The lines of a trail, in its order."""
    return [DecisionShown.model_validate(entry) for entry in entries]
