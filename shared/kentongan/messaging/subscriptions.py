"""How a service says what it consumes: its read models, and the reactions that they wake."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from kentongan.contracts.event import Event
from kentongan.storage.indexes import Index

E = TypeVar("E", bound=Event)


class InvalidSubscriptions(ValueError):
    """Two read models share a name, or a reaction waits for a read model that is not there."""


@dataclass(frozen=True, slots=True)
class DirectorySubscription(Generic[E]):
    """Keep the newest state per aggregate, from the state events of one topic.

    `entry` is pure: what of the event the service keeps. An error in it is the reader's fault, and
    the record is set aside until the repaired reader redrives it. Raise `revision` when `entry`
    changes its meaning: the read model is then built anew. Other `events` do that by themselves.
    """

    directory_name: str
    events: tuple[type[E], ...]
    entry: Callable[[E], dict[str, Any]]
    indexes: tuple[Index, ...] = ()
    revision: int = 1

    @property
    def name(self) -> str:
        """The read model's name, as `kentongan rebuild` takes it."""
        return self.directory_name


@dataclass(frozen=True, slots=True)
class LedgerSubscription(Generic[E]):
    """Keep every fact once, by event id.

    Raise `revision` when `entry` changes its meaning: the read model is then built anew.
    """

    ledger_name: str
    events: tuple[type[E], ...]
    entry: Callable[[E], dict[str, Any]]
    indexes: tuple[Index, ...] = ()
    revision: int = 1

    @property
    def name(self) -> str:
        """The read model's name, as `kentongan rebuild` takes it."""
        return self.ledger_name


@dataclass(frozen=True, slots=True)
class Reaction:
    """A level-triggered step: it finds its work by query and issues ordinary commands.

    `step` returns the number of commands issued. It must be safe to repeat: it runs when a read
    model in `woken_by` has changed, at start, and once a minute.
    """

    name: str
    woken_by: tuple[str, ...]
    step: Callable[[], Awaitable[int]]


ReadModelSubscription: TypeAlias = DirectorySubscription[Any] | LedgerSubscription[Any]


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """All that a service consumes, in one place."""

    read_models: tuple[ReadModelSubscription, ...] = ()
    reactions: tuple[Reaction, ...] = field(default=())

    def __post_init__(self) -> None:
        names = [read_model.name for read_model in self.read_models]
        if len(set(names)) != len(names):
            raise InvalidSubscriptions(f"read models share a name: {sorted(names)}")
        for reaction in self.reactions:
            unknown = set(reaction.woken_by) - set(names)
            if unknown:
                raise InvalidSubscriptions(f"{reaction.name} is woken by unknown {sorted(unknown)}")

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics to read, without prefix, in alphabetical order."""
        return tuple(
            sorted(
                {
                    event.contract.topic.name
                    for read_model in self.read_models
                    for event in read_model.events
                }
            )
        )
