"""What an event is: a past-tense fact, with a contract that says where, when, by and for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict

Day = date
"""A calendar day in the city's own time. An alias, as a model may have a field called `date`."""


class Kind(StrEnum):
    """State events carry the aggregate's whole public state and share one model per topic; fact
    events say that one thing happened and are never changed: a correction is another fact.
    """

    STATE = "state"
    FACT = "fact"


class Visibility(StrEnum):
    """Who may subscribe: anyone on the cluster, or named services only."""

    PUBLIC = "public"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic per aggregate type, keyed by its id, all its events in it; kept for good."""

    name: str
    """Without the configurable prefix: `registry.kims`."""
    service: str
    """The only service that publishes here."""
    key: str
    """The field of the events' data that is the record's key: `kim_id`."""
    kind: Kind
    description: str
    visibility: Visibility = Visibility.PUBLIC
    partitions: int = 6


@dataclass(frozen=True, slots=True)
class Contract:
    """The published promise about one event type."""

    name: str
    """The class name: `KimRegistered`."""
    version: int
    topic: Topic
    trigger: str
    readers: tuple[str, ...]
    example: dict[str, Any]
    founding: bool = False
    """Of a state topic: whether it may be the first event of its aggregate, as no other may."""

    @property
    def type(self) -> str:
        """The CloudEvents type: `kentongan.registry.KimRegistered.v1`."""
        return f"kentongan.{self.topic.service}.{self.name}.v{self.version}"


class Event(BaseModel):
    """Base of all events. Unknown fields are ignored on reading: old readers read new events.

    NaN and infinity are refused when an event is made, since JSON has no word for them. Errors show
    no values, which may name a person.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", allow_inf_nan=False, hide_input_in_errors=True
    )

    contract: ClassVar[Contract]

    @property
    def key(self) -> str:
        """The aggregate's id, which keys the record."""
        key: str = getattr(self, self.contract.topic.key)
        return key


EventType = TypeVar("EventType", bound=type[Event])


def event(
    topic: Topic,
    *,
    trigger: str,
    readers: tuple[str, ...],
    example: dict[str, Any],
    version: int = 1,
    founding: bool = False,
) -> Callable[[EventType], EventType]:
    """Give an event class its contract. The class name is the event's name."""

    def declare(model: EventType) -> EventType:
        model.contract = Contract(
            name=model.__name__,
            version=version,
            topic=topic,
            trigger=trigger,
            readers=readers,
            example=example,
            founding=founding,
        )
        return model

    return declare
