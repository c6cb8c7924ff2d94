"""The list of all published contracts: the one place that knows every event type and topic."""

from functools import cached_property

from kentongan.contracts import broadcast, placement, registry, scoring
from kentongan.contracts.event import Event, Topic


class UnknownContract(LookupError):
    """No event of this type is published by this version of the kit."""


class Catalogue:
    """Looks contracts up by CloudEvents type, by name, by topic and by publishing service."""

    def __init__(self, events: tuple[type[Event], ...]) -> None:
        self.events = events

    @cached_property
    def by_type(self) -> dict[str, type[Event]]:
        """Event classes by CloudEvents type."""
        return {event.contract.type: event for event in self.events}

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """Topics by their name without prefix."""
        return {event.contract.topic.name: event.contract.topic for event in self.events}

    def event(self, type_name: str) -> type[Event]:
        """The event class of a CloudEvents type. Raises UnknownContract."""
        try:
            return self.by_type[type_name]
        except KeyError:
            raise UnknownContract(type_name) from None

    def published_by(self, service: str) -> tuple[type[Event], ...]:
        """All events of one service."""
        return tuple(event for event in self.events if event.contract.topic.service == service)


CATALOGUE = Catalogue(registry.EVENTS + placement.EVENTS + broadcast.EVENTS + scoring.EVENTS)
