"""What is said of a collector that is away."""

from collections.abc import Sequence

import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from structlog.testing import LogCapture

from kentongan.observability.tracing.export import FewWords


class Collector(SpanExporter):
    """Answers as it is told; an exception is a defect of the exporter."""

    def __init__(self) -> None:
        self.answer: SpanExportResult | None = None

    def export(self, _: Sequence[ReadableSpan]) -> SpanExportResult:
        if self.answer is None:
            raise ConnectionError("collector.internal is away")
        return self.answer


def test_a_collector_that_is_away_is_said_once_and_what_was_lost_when_it_is_back() -> None:
    captured = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[captured])
    try:
        collector = Collector()
        exporter = FewWords(collector)
        spans = [ReadableSpan("x"), ReadableSpan("y")]
        for collector.answer in (None, SpanExportResult.FAILURE, SpanExportResult.FAILURE):
            assert exporter.export(spans) is SpanExportResult.FAILURE
        for collector.answer in (SpanExportResult.SUCCESS, SpanExportResult.SUCCESS):
            assert exporter.export(spans) is SpanExportResult.SUCCESS
    finally:
        structlog.configure(processors=before)
    said = [(line["event"], line.get("spans_lost")) for line in captured.entries]
    assert [one for one in said if one[0] != "tracing.export_failed"] == [
        ("tracing.collector_away", 2),
        ("tracing.collector_back", 6),
    ]
    assert "internal" not in str(captured.entries)
