"""How long events took from being decided to being visible in a reader's model.

What a build has read already and what was published again are history: their age says nothing of
how quickly a city hears what happens.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from kentongan.domain.clock import utc_now
from kentongan.messaging.cloudevents import REPUBLISHED
from kentongan.messaging.read_models.decoding import Entry

Positions = Mapping[tuple[str, int], int]
"""The next offset after a build, by topic and partition."""


class Visibility:
    """Measures live events. `built` says by read model up to where its build has read."""

    def __init__(self, built: Mapping[str, Positions]) -> None:
        self._built = built

    def seconds(
        self, entries: Mapping[str, Sequence[Entry]], refused: Collection[int]
    ) -> dict[str, list[float]]:
        """Ages by topic, of what was acknowledged just now; `refused` are ids of record objects."""
        now = utc_now()
        found: dict[str, list[float]] = defaultdict(list)
        for read_model, some in entries.items():
            for record, entry in self._live(read_model, some):
                if not refused or id(record) not in refused:
                    age = (now - entry.time).total_seconds()
                    found[record.topic].append(age if age > 0.0 else 0.0)
        return found

    def _live(self, read_model: str, entries: Sequence[Entry]) -> Iterable[Entry]:
        built = self._built.get(read_model, {})
        for each in entries:
            record = each.record
            if record.offset < built.get((record.topic, record.partition), 0):
                continue
            if record.headers and record.headers[-1][0] == REPUBLISHED:
                continue
            yield each
