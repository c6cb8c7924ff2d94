"""Counters whose series begin at 0: an alert on "any increase" would never see a first one at 1.

Prometheus takes `increase()` between two samples. A series that appears with its first event has no
sample before it, so each counter declares which label values its process can come to show.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from prometheus_client import Counter

from kentongan.observability.histograms import BatchHistogram


@dataclass(frozen=True, slots=True)
class Known:
    """What a process knows at its start of the values that its labels will take."""

    service: str
    roles: tuple[str, ...] = ()
    """All that the service offers, whether or not this process plays them."""
    reads: tuple[str, ...] = ()
    """Topics, as they are called on the cluster."""
    publishes: tuple[str, ...] = ()
    read_models: tuple[str, ...] = ()
    poison_reasons: tuple[str, ...] = ()
    routes: tuple[tuple[str, str, str], ...] = ()
    """Method, template, and the status of an answer as the caller wants it."""


Begins: TypeAlias = Callable[[Known], Iterable[tuple[str, ...]]]
"""The label values behind the service that are known, one tuple a series."""

_BEGINS: dict[Counter | BatchHistogram, Begins] = {}


def service_alone(_: Known) -> Iterable[tuple[str, ...]]:
    """For a metric that has no label but the service."""
    return [()]


def each(values: Callable[[Known], Sequence[str]]) -> Begins:
    """For a metric with one label more."""
    return lambda known: [(value,) for value in values(known)]


def counter(name: str, documentation: str, labels: tuple[str, ...], begins: Begins) -> Counter:
    """A counter that begins at 0 for each of the values that `begins` names."""
    made = Counter(name, documentation, labels)
    _BEGINS[made] = begins
    return made


def histogram(
    name: str,
    documentation: str,
    labels: tuple[str, ...],
    buckets: Sequence[float],
    begins: Begins,
) -> BatchHistogram:
    """The same of a histogram, whose count is a counter as well."""
    made = BatchHistogram(name, documentation, labels, buckets=buckets)
    _BEGINS[made] = begins
    return made


def begin(known: Known) -> None:
    """Show every known series of every counter and histogram, at 0 where nothing was counted."""
    for metric, begins in _BEGINS.items():
        for values in begins(known):
            metric.labels(known.service, *values)


def answers(known: Known) -> Iterable[tuple[str, ...]]:
    """By method, route and status: as wanted, and what an operator is woken by."""
    for (method, route, wanted), failed in product(known.routes, ("500", "503")):
        yield method, route, wanted
        yield method, route, failed
