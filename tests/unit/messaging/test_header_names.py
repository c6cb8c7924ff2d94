"""Records are read whatever bytes name their headers, and as aiokafka reads them otherwise."""

from typing import Any

import pytest
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import DefaultRecordBase, _DefaultRecordBatchBuilderPy
from aiokafka.record.memory_records import MemoryRecords

from kentongan.messaging.kafka.header_names import TolerantRecords
from kentongan.testing.poison_records import HeaderName

GOOD = (b"kim-1", b"{}", [("ce_id", b"1"), ("ce_type", None)])
ODD = (b"kim-2", None, [(HeaderName(b"\xff\xfe"), b"x"), ("ce_id", b"2")])


def batch(*records: Any, compression: int = DefaultRecordBase.CODEC_NONE) -> bytes:
    builder = _DefaultRecordBatchBuilderPy(2, compression, 0, -1, -1, -1, 2**20)
    for place, (key, value, headers) in enumerate(records):
        builder.append(place, timestamp=1, key=key, value=value, headers=headers)
    return bytes(builder.build())


def read(records: Any) -> list[Any]:
    found = []
    while records.has_next():
        found += [
            (record.offset, record.key, record.value, record.headers)
            for record in records.next_batch()
        ]
    return found


@pytest.mark.parametrize(
    "compression", [DefaultRecordBase.CODEC_NONE, DefaultRecordBase.CODEC_GZIP]
)
def test_an_odd_name_is_shown_and_its_neighbours_are_as_ever(compression: int) -> None:
    data = batch(GOOD, GOOD) + batch(GOOD, ODD, GOOD, compression=compression) + batch(GOOD)

    records = read(TolerantRecords(data))

    plain = read(MemoryRecords(batch(GOOD, GOOD)))
    assert records[:2] == plain
    assert [record[1:] for record in records[2:]] == [
        plain[0][1:],
        (b"kim-2", None, [("\\xff\\xfe", b"x"), ("ce_id", b"2")]),
        plain[0][1:],
        plain[0][1:],
    ]


def test_a_corrupt_record_stays_one() -> None:
    data = bytearray(batch(GOOD))
    data[-1] ^= 0x7F
    with pytest.raises(CorruptRecordException):
        read(TolerantRecords(bytes(data)))


def test_what_the_fetcher_asks_of_a_batch_is_answered() -> None:
    records = TolerantRecords(batch(GOOD, ODD))
    assert records.size_in_bytes() == len(batch(GOOD, ODD))
    found = records.next_batch()
    assert found.validate_crc()
    assert (found.base_offset, found.next_offset, found.is_control_batch) == (0, 2, False)
