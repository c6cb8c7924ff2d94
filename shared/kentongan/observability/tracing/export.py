"""Sending spans to a collector: OpenTelemetry's SDK, with bounds and few words.

Nobody waits for a collector: spans wait in a bounded queue for a thread of its own, what doesn't
fit is dropped, and a process that ends gives the rest a moment.
"""

import logging
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON

from kentongan.observability.tracing.conventions import LINKS_PER_SPAN, SCHEMA_URL, ResourceKey
from kentongan.observability.tracing.spans import use
from kentongan.settings import ServiceSettings

EXPORT_SECONDS = 10.0
"""For one request to the collector, its repetitions included."""
QUEUE_SPANS = 8_192
BATCH_SPANS = 512
EACH_SECONDS = 2.0
FLUSH_SECONDS = 2.0
FLUSH_SHARE = 0.1
"""Of the time that a shutdown may take; whichever is less."""
SAID_AGAIN_SECONDS = 300.0

_log = structlog.get_logger(__name__)


class Exporting:
    """Whether and how spans leave this process; to be asked for its share of a shutdown."""

    def __init__(self, settings: ServiceSettings) -> None:
        on = settings.tracing.otlp_endpoint is not None
        bound = settings.shutdown_seconds
        self.flush_seconds = min(FLUSH_SECONDS, FLUSH_SHARE * bound) if on else 0.0
        self.seconds_before = bound - self.flush_seconds
        """What is left of a shutdown's bound for all that comes before the flush."""


@contextmanager
def exporting(settings: ServiceSettings, *, service: str) -> Iterator[Exporting]:
    """Record and export spans while the block runs, where the settings name a collector."""
    chosen = Exporting(settings)
    endpoint = settings.tracing.otlp_endpoint
    if endpoint is None:
        yield chosen
        return
    # What it says of a collector that is away is said below, once, as a fact.
    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
    exporter = FewWords(OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=EXPORT_SECONDS))
    provider = make_provider(settings, service=service, exporter=exporter)
    ratio = settings.tracing.sample_ratio
    use(provider.get_tracer("kentongan", version("kentongan"), schema_url=SCHEMA_URL), ratio=ratio)
    _log.info("tracing.started", sample_ratio=ratio)
    try:
        yield chosen
    finally:
        use(None)
        # A daemon: where the collector takes longer, the process ends without its answer.
        flushing = threading.Thread(target=provider.shutdown, name="tracing-flush", daemon=True)
        flushing.start()
        flushing.join(chosen.flush_seconds)


def make_provider(
    settings: ServiceSettings, *, service: str, exporter: SpanExporter
) -> TracerProvider:
    """The SDK by our settings alone: none of its bounds depends on variables of its own."""
    resource = {
        ResourceKey.SERVICE_NAMESPACE: "kentongan",
        ResourceKey.SERVICE_NAME: f"kentongan-{service}",
        ResourceKey.SERVICE_VERSION: version("kentongan"),
        ResourceKey.SERVICE_INSTANCE: str(uuid.uuid4()),
        ResourceKey.ENVIRONMENT: settings.environment,
        ResourceKey.CITY: settings.city,
    }
    provider = TracerProvider(
        # What is not to be recorded is not begun: `spans.begin` decides.
        sampler=ALWAYS_ON,
        resource=Resource({str(key): value for key, value in resource.items()}, SCHEMA_URL),
        span_limits=SpanLimits(max_links=LINKS_PER_SPAN, max_span_attributes=32),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(
        BatchSpanProcessor(
            exporter,
            max_queue_size=QUEUE_SPANS,
            schedule_delay_millis=EACH_SECONDS * 1000,
            max_export_batch_size=BATCH_SPANS,
            export_timeout_millis=EXPORT_SECONDS * 1000,
        )
    )
    return provider


class FewWords(SpanExporter):
    """An exporter that says once that the collector is away, seldom that it still is, and when it
    is back; whatever happens to it is nobody else's matter.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._lost = 0
        self._said_at: float | None = None

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch; called by the SDK's own thread."""
        try:
            result = self._exporter.export(spans)
        except Exception as error:  # noqa: BLE001 - a defect of the exporter costs spans, no more
            _log.debug("tracing.export_failed", error=type(error).__name__)
            result = SpanExportResult.FAILURE
        if result is SpanExportResult.SUCCESS:
            if self._said_at is not None:
                _log.info("tracing.collector_back", spans_lost=self._lost)
            self._lost, self._said_at = 0, None
            return result
        self._lost += len(spans)
        now = time.monotonic()
        if self._said_at is None or now - self._said_at >= SAID_AGAIN_SECONDS:
            self._said_at = now
            _log.warning("tracing.collector_away", spans_lost=self._lost)
        return result

    def shutdown(self) -> None:
        """Send no more."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing is held here."""
        return self._exporter.force_flush(timeout_millis)
