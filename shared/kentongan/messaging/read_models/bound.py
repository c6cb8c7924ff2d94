"""Read models at work: a subscription bound to its projection in the service's database."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from kentongan.contracts.event import Event
from kentongan.messaging.cloudevents import Envelope
from kentongan.messaging.subscriptions import (
    DirectorySubscription,
    LedgerSubscription,
    ReadModelSubscription,
    Subscriptions,
)
from kentongan.storage.driver import Database
from kentongan.storage.projections.directory import Directory, DirectoryEntry
from kentongan.storage.projections.ledger import Ledger, LedgerEntry
from kentongan.storage.projections.projection import Applied, Projection

_Entry = TypeVar("_Entry")

# One a record: their own constructors cost twice as much.
_new_directory_entry: Callable[[tuple[Any, ...]], DirectoryEntry]
_new_directory_entry = partial(tuple.__new__, DirectoryEntry)
_new_ledger_entry: Callable[[tuple[Any, ...]], LedgerEntry]
_new_ledger_entry = partial(tuple.__new__, LedgerEntry)


class UnknownReadModel(LookupError):
    """The service keeps no read model of this name."""


class ReadModel(Protocol):
    """What the consumer and the rebuild do with a read model, whatever its kind."""

    @property
    def name(self) -> str:
        """As the subscription says."""

    @property
    def events(self) -> tuple[type[Event], ...]:
        """The events that it is made from."""

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that they are in, without prefix."""

    @property
    def collection(self) -> str:
        """The collection's name, which the build marker goes by."""

    @property
    def made_of(self) -> tuple[str, ...]:
        """What its build marker has to name: the event types, and the revision of `entry`."""

    @property
    def projection(self) -> Projection:
        """Its collection."""

    def entry(self, envelope: Envelope, event: Event) -> Any:
        """What one event becomes. Pure; whatever it raises makes the record poison."""

    async def apply(self, entries: Sequence[Any]) -> Applied:
        """Write entries, in any order, any number of times."""

    def shadow(self) -> "ReadModel":
        """The same, filling a collection beside the live one."""


class _Bound(Generic[_Entry]):
    def __init__(self, subscription: ReadModelSubscription) -> None:
        self._subscription = subscription
        self._make = subscription.entry
        self.name = subscription.name
        self.events: tuple[type[Event], ...] = subscription.events
        self.topics = tuple(sorted({event.contract.topic.name for event in self.events}))
        types = sorted(event.contract.type for event in self.events)
        self.made_of = (*types, f"revision {subscription.revision}")


class DirectoryReadModel(_Bound[DirectoryEntry]):
    """The newest state per aggregate."""

    def __init__(self, subscription: DirectorySubscription[Any], projection: Directory) -> None:
        super().__init__(subscription)
        self._directory_subscription = subscription
        self.projection = projection
        self.collection = projection.collection_name
        self.apply = projection.apply

    def entry(self, envelope: Envelope, event: Event) -> DirectoryEntry:
        """The aggregate as of this event."""
        return _new_directory_entry(
            (envelope.key, envelope.sequence, envelope.type, envelope.time, self._make(event))
        )

    def shadow(self) -> "DirectoryReadModel":
        """The same, beside the live one."""
        return DirectoryReadModel(self._directory_subscription, self.projection.shadow())


class LedgerReadModel(_Bound[LedgerEntry]):
    """Every fact once."""

    def __init__(self, subscription: LedgerSubscription[Any], projection: Ledger) -> None:
        super().__init__(subscription)
        self._ledger_subscription = subscription
        self.projection = projection
        self.collection = projection.collection_name
        self.apply = projection.apply

    def entry(self, envelope: Envelope, event: Event) -> LedgerEntry:
        """The fact, under its event's id."""
        return _new_ledger_entry(
            (
                envelope.id,
                envelope.key,
                envelope.sequence,
                envelope.type,
                envelope.time,
                self._make(event),
            )
        )

    def shadow(self) -> "LedgerReadModel":
        """The same, beside the live one."""
        return LedgerReadModel(self._ledger_subscription, self.projection.shadow())


def bind(subscriptions: Subscriptions, database: Database) -> tuple[ReadModel, ...]:
    """All read models of a service."""
    return tuple(_bind(one, database) for one in subscriptions.read_models)


def find(read_models: Sequence[ReadModel], name: str) -> ReadModel:
    """One read model by its name. Raises UnknownReadModel."""
    by_name: Mapping[str, ReadModel] = {one.name: one for one in read_models}
    try:
        return by_name[name]
    except KeyError:
        raise UnknownReadModel(name) from None


def _bind(subscription: ReadModelSubscription, database: Database) -> ReadModel:
    if isinstance(subscription, DirectorySubscription):
        directory = Directory(database, subscription.directory_name, indexes=subscription.indexes)
        return DirectoryReadModel(subscription, directory)
    ledger = Ledger(database, subscription.ledger_name, indexes=subscription.indexes)
    return LedgerReadModel(subscription, ledger)
