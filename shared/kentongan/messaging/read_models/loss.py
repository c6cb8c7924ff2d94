"""What a build can tell of topics that have lost something: it would else believe what is left.

Nothing is ever deleted from a topic, and a read model forgets nothing. So a partition that begins
above offset 0 has lost its head; a topic that was made anew begins at 0, with keys whose first
event is one that can't be an aggregate's first; and a shadow with fewer entries than the living
read model was built from less.
"""

from collections.abc import Iterable
from typing import Any

from kentongan.contracts.event import Kind
from kentongan.messaging.cloudevents import REPUBLISHED
from kentongan.messaging.kafka.beginnings import above_zero
from kentongan.messaging.kafka.reading import Offsets
from kentongan.messaging.read_models.bound import ReadModel
from kentongan.storage.projections.build_markers import BuildMarkers

ACCEPT = "--accept-loss builds from what is left"


class Loss:
    """Watches one build. Each question answers None, or what was lost in words for an operator."""

    def __init__(self, living: ReadModel, topics: Iterable[str]) -> None:
        self._living = living
        self._topics = frozenset(topics)
        self._whole: dict[bytes, bool] = {}
        """By key of a state topic, whether it begins as an aggregate does, or was told again."""
        of_state = [one for one in living.events if one.contract.topic.kind is Kind.STATE]
        self._founding = {one.contract.type.encode() for one in of_state if one.contract.founding}
        self._others = {one.contract.type.encode() for one in of_state} - self._founding

    def of_heads(self, beginnings: Offsets) -> str | None:
        """Partitions without their first records."""
        lost = above_zero(beginnings)
        if not lost:
            return None
        places = "; ".join(f"{one.topic} {one}" for one in lost[:6])
        return f"{places}. {ACCEPT}"

    def note(self, records: Iterable[Any]) -> None:
        """These are read, in the order of their offsets."""
        if not self._founding:
            return
        for record in records:
            key = record.key
            if key is None or self._whole.get(key):
                continue
            # Told once more from what the service has stored, it is as good as a first.
            if record.headers and record.headers[-1][0] == REPUBLISHED:
                self._whole[key] = True
                continue
            if key in self._whole:
                continue
            kind = next((value for name, value in record.headers if name == "ce_type"), None)
            if kind in self._founding:
                self._whole[key] = True
            elif kind in self._others:
                self._whole[key] = False

    def of_keys(self) -> str | None:
        """Aggregates whose beginning is gone, and others with them that left no trace."""
        lost = sum(1 for whole in self._whole.values() if not whole)
        if not lost:
            return None
        return (
            f"{lost} of {len(self._whole)} keys begin with an event that can't be their first: the "
            f"topic was made anew. `kentongan republish` fills it from its service, or {ACCEPT}"
        )

    async def living_entries(self, markers: BuildMarkers) -> int | None:
        """How many the living read model has; None where it is made of other events, or missing."""
        found = await markers.built([self._living.collection])
        if found.get(self._living.collection) != self._living.made_of:
            return None
        return await self._living.projection.count()

    def against_the_living(self, living: int | None, built: int, *, spared: int) -> str | None:
        """Entries that the living one has and the shadow hasn't.

        `spared`: so many may be missing, for they came since, or are poison to this reader.
        """
        if living is None or living - built <= spared:
            return None
        return f"{built} entries where the living read model has {living}. {ACCEPT}"
