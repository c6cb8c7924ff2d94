"""Everything that can be wrong with a record's envelope is named, and nothing else is raised."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kentongan.contracts.recorded import RecordedEvent
from kentongan.messaging.cloudevents import BrokenEnvelope, Envelope, Reason, decode, encode

RECORD = encode(
    RecordedEvent(
        event_id="e-1",
        type="kentongan.registry.KimRegistered.v1",
        key="kim-é",
        sequence=7,
        time=datetime(2026, 10, 5, 2, tzinfo=UTC),
        data={"kim_id": "kim-é"},
        correlation_id="c-1",
        causation_id="c-2",
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ),
    source="urn:kentongan:36.71:registry",
)
REQUIRED = [name for name, _ in RECORD.headers if name != "ce_subject"]
AS_TEXT = [
    name
    for name in REQUIRED
    if name not in ("ce_specversion", "content-type", "ce_time", "ce_sequence", "ce_partitionkey")
]


def with_header(name: str, value: bytes | None) -> list[tuple[str, bytes | None]]:
    return [(known, value if known == name else kept) for known, kept in RECORD.headers]


def refusal(
    headers: list[tuple[str, bytes | None]],
    key: bytes | None = RECORD.key,
    value: bytes | None = RECORD.value,
) -> tuple[Reason, str | None]:
    with pytest.raises(BrokenEnvelope) as refused:
        decode(headers, key, value)
    return refused.value.reason, refused.value.header


@pytest.mark.parametrize("name", REQUIRED)
def test_each_header_is_needed_once_with_a_value(name: str) -> None:
    without = [(known, value) for known, value in RECORD.headers if known != name]
    twice = [*RECORD.headers, (name, b"again")]

    assert refusal(list(without)) == (Reason.HEADER_MISSING, name)
    assert refusal(with_header(name, None)) == (Reason.HEADER_NULL, name)
    assert refusal(with_header(name, b"")) == (Reason.HEADER_EMPTY, name)
    assert refusal(list(twice)) == (Reason.HEADER_REPEATED, name)


@pytest.mark.parametrize("name", AS_TEXT)
def test_binary_headers_are_refused(name: str) -> None:
    assert refusal(with_header(name, b"\xff\xfe\x00")) == (Reason.HEADER_NOT_UTF8, name)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ce_specversion", b"0.3", Reason.SPECVERSION_UNKNOWN),
        ("ce_specversion", b"\xff", Reason.SPECVERSION_UNKNOWN),
        ("content-type", b"application/cloudevents", Reason.CONTENT_TYPE_NOT_JSON),
        ("content-type", b"application/avro", Reason.CONTENT_TYPE_NOT_JSON),
        ("content-type", b"\xff", Reason.CONTENT_TYPE_NOT_JSON),
        ("ce_sequence", b"seven", Reason.SEQUENCE_INVALID),
        ("ce_sequence", b"-1", Reason.SEQUENCE_INVALID),
        ("ce_sequence", b"+1", Reason.SEQUENCE_INVALID),
        ("ce_sequence", b" 1", Reason.SEQUENCE_INVALID),
        ("ce_sequence", b"1.0", Reason.SEQUENCE_INVALID),
        ("ce_sequence", b"1_0", Reason.SEQUENCE_INVALID),
        ("ce_sequence", "٧".encode(), Reason.SEQUENCE_INVALID),
        ("ce_sequence", str(2**63).encode(), Reason.SEQUENCE_INVALID),
        ("ce_sequence", b"9" * 5000, Reason.SEQUENCE_INVALID),
        ("ce_sequence", b"\xff", Reason.SEQUENCE_INVALID),
        ("ce_time", b"yesterday", Reason.TIME_INVALID),
        ("ce_time", b"2026-10-05", Reason.TIME_INVALID),
        ("ce_time", b"2026-10-05T02:00:00", Reason.TIME_INVALID),
        ("ce_time", b"2026-02-30T02:00:00Z", Reason.TIME_INVALID),
        ("ce_time", b"2026-W41-1T02:00:00Z", Reason.TIME_INVALID),
        ("ce_time", b"0001-01-01T00:00:00+07:00", Reason.TIME_INVALID),
        ("ce_time", b"\xff", Reason.TIME_INVALID),
        ("ce_partitionkey", b"another", Reason.KEY_MISMATCH),
    ],
)
def test_malformed_attributes_are_refused(name: str, value: bytes, reason: Reason) -> None:
    assert refusal(with_header(name, value)) == (reason, name)


def test_a_record_needs_a_key_in_utf8_and_a_value() -> None:
    headers = list(RECORD.headers)

    assert refusal([*headers], key=None) == (Reason.KEY_MISSING, None)
    assert refusal([*headers], key=b"") == (Reason.KEY_MISSING, None)
    assert refusal(with_header("ce_partitionkey", b"\xff"), key=b"\xff") == (
        Reason.KEY_NOT_UTF8,
        None,
    )
    assert refusal([*headers], value=None) == (Reason.VALUE_MISSING, None)


def test_foreign_headers_do_no_harm() -> None:
    foreign = [("x", b"\xff"), ("x", None), ("traceparent", b""), ("ce_subject2", None)]

    assert decode([*foreign, *RECORD.headers], RECORD.key, RECORD.value).id == "e-1"


@pytest.mark.parametrize(
    "value", [b"application/json; charset=utf-8", b"Application/JSON", b"application/vnd.kim+json"]
)
def test_any_json_media_type_is_read(value: bytes) -> None:
    assert decode(with_header("content-type", value), RECORD.key, RECORD.value).sequence == 7


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*REQUIRED, "x"]),
            st.none() | st.binary(max_size=30) | st.sampled_from([v for _, v in RECORD.headers]),
        ),
        max_size=14,
    ),
    st.none() | st.binary(max_size=8) | st.just(RECORD.key),
    st.none() | st.binary(max_size=8),
)
def test_any_record_is_either_read_or_named_broken(
    headers: list[tuple[str, bytes | None]], key: bytes | None, value: bytes | None
) -> None:
    replaced = {name for name, _ in headers}
    kept = [(name, known) for name, known in RECORD.headers if name not in replaced]
    try:
        assert isinstance(decode([*kept, *headers], key, value), Envelope)
    except BrokenEnvelope as broken:
        assert isinstance(broken.reason, Reason)


def test_a_naive_time_or_an_impossible_sequence_is_never_written() -> None:
    event = RecordedEvent("e", "t", "k", 1, datetime(2026, 1, 1), {}, "c", "c", "t")
    with pytest.raises(ValueError, match="aware"):
        encode(event, source="urn:kentongan:36.71:registry")
    later = RecordedEvent("e", "t", "k", 2**63, datetime(2026, 1, 1, tzinfo=UTC), {}, "c", "c", "t")
    with pytest.raises(ValueError, match="63 bits"):
        encode(later, source="urn:kentongan:36.71:registry")
