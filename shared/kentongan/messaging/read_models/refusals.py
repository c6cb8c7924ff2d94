"""What the database refuses as it is written, record by record, and where this becomes a flood."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.structs import TopicPartition

from kentongan.messaging.read_models.decoding import Decoded, Entry
from kentongan.messaging.read_models.poison import FloodGuard, Poison, Refused
from kentongan.storage.errors import UnencodableDocument

ATTEMPTS = 3
"""How often one record is tried alone before it is poison; a document that BSON refuses, once."""


@dataclass(slots=True)
class Suspect:
    """A record that was refused alone; without a failure it passed in the end."""

    entry: Entry
    failure: Exception | None
    attempts: int = 1

    @property
    def may_pass(self) -> bool:
        """Whether to try it again."""
        return self.failure is not None and not self._is_final and self.attempts < ATTEMPTS

    @property
    def poison(self) -> Poison | None:
        """The verdict. It names the failure's type only: a driver's words may quote the data."""
        if self.failure is None:
            return None
        reason = Refused.UNENCODABLE if self._is_final else Refused.WRITE_REFUSED
        return Poison(self.entry.record, reason, type(self.failure).__name__, self.attempts)

    @property
    def _is_final(self) -> bool:
        return isinstance(self.failure, UnencodableDocument)


@dataclass(frozen=True, slots=True)
class Cut:
    """A write that ended early for a flood; all that was judged is applied or set aside."""

    reason: str
    unwritten: dict[TopicPartition, int]
    """By partition, the first record that was left; no partition that was done with."""
    consumed: Counter[str]
    """By topic, the records that were done with."""


class Refusals:
    """The refusals of one write, of what so many `records` were decoded to."""

    def __init__(self, decoded: Decoded, records: int, flood: FloodGuard | None) -> None:
        self._decoded = decoded
        self._records = records
        self._flood = flood
        self._reason: str | None = None
        self._refused: list[Poison] = []
        self._unwritten: dict[TopicPartition, int] = {}

    def add(self, judged: Sequence[Suspect]) -> int:
        """Note verdicts, and tell the guard; returns how many passed."""
        refused = [one.poison for one in judged if one.poison is not None]
        self._refused.extend(refused)
        if self._flood is not None:
            self._flood.note(0, len(refused))
            self._reason = self._reason or self._flood.flood_amid(
                records=self._records, poison=len(self._refused)
            )
        return len(judged) - len(refused)

    @property
    def are_a_flood(self) -> bool:
        """Whether to go no further."""
        return self._reason is not None

    def cut_at(self, entries: Iterable[Entry]) -> None:
        """These were left, to be read again."""
        for record in (entry.record for entry in entries):
            partition = TopicPartition(record.topic, record.partition)
            first = self._unwritten.get(partition, record.offset)
            self._unwritten[partition] = min(record.offset, first)

    def before_the_cut(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Another read model goes no further than the one that met the flood, but as far.

        So each stop gets somewhere, and what it set aside is not judged again.
        """
        if not self._unwritten:
            return entries
        return [entry for entry in entries if self._is_before(entry.record)]

    @property
    def poison(self) -> list[Poison]:
        """What to set aside: refused, or not to be decoded at all."""
        return [
            one for one in (*self._decoded.poison, *self._refused) if self._is_before(one.record)
        ]

    @property
    def cut(self) -> Cut | None:
        """How far it came, where it was a flood."""
        if self._reason is None:
            return None
        records = [one.record for some in self._decoded.entries.values() for one in some]
        records += [one.record for one in self._decoded.poison]
        done = {
            (record.topic, record.partition, record.offset)
            for record in records
            if self._is_before(record)
        }
        consumed = Counter(topic for topic, _, _ in done)
        return Cut(self._reason, dict(self._unwritten), consumed)

    def _is_before(self, record: Any) -> bool:
        first = self._unwritten.get(TopicPartition(record.topic, record.partition))
        return first is None or record.offset < first
