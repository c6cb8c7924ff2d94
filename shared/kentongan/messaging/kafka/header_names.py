"""Lets aiokafka read records whose header names are not UTF-8.

Its parser raises on such a name, at every fetch: one record of anybody's would block its partition
for ever, in every reader, and take with it what the same poll had drained from other partitions.
There is no hook between a fetch's bytes and its records, so this stands in for the class that the
fetcher reads them by. All other records come from aiokafka's own parser as ever.
"""

import struct
from collections.abc import Iterator
from typing import Any, Final

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

_LENGTH_AT: Final = 8
_BEFORE_LENGTH_COUNTS: Final = 12
_MAGIC_AT: Final = 16
_WITH_HEADERS: Final = 2


class TolerantRecords:
    r"""The batches of one fetched partition. What is no UTF-8 in a header's name reads `\xff`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._records = MemoryRecords(data)

    def size_in_bytes(self) -> int:
        """As aiokafka's own."""
        return int(self._records.size_in_bytes())

    def has_next(self) -> bool:
        """As aiokafka's own."""
        return bool(self._records.has_next())

    def next_batch(self) -> Any:
        """As aiokafka's own, but for the names of headers."""
        batch = self._records.next_batch()
        start = self._position
        (length,) = struct.unpack_from(">i", self._data, start + _LENGTH_AT)
        self._position = start + _BEFORE_LENGTH_COUNTS + length
        if self._data[start + _MAGIC_AT] < _WITH_HEADERS:
            return batch
        return _TolerantBatch(batch, self._data, slice(start, self._position))


class _TolerantBatch:
    def __init__(self, batch: Any, data: bytes, place: slice) -> None:
        self._batch = batch
        self._data = data
        self._place = place

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter(list(self._batch))
        except (UnicodeDecodeError, CorruptRecordException):
            # Raises again where more is wrong than a name.
            return iter(_NameReadingBatch(self._data[self._place]))


class _NameReadingBatch(_DefaultRecordBatchPy):  # type: ignore[misc]  # aiokafka has no types
    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        self._buffer: bytearray = _Bytes(self._buffer)


class _Bytes(bytearray):
    """Bytes whose slices can be read as text, whatever they hold."""

    def __getitem__(self, where: Any) -> Any:
        found = super().__getitem__(where)
        return _Bytes(found) if isinstance(where, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return super().decode(encoding, "backslashreplace")


def tolerate_header_names() -> None:
    """Have every consumer of this process read so from now on; safe to repeat."""
    fetcher.MemoryRecords = TolerantRecords
