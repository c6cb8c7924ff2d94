"""Spans of this process, kept in memory; the SDK and our sampler are the real ones."""

from collections.abc import Callable, Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from kentongan.observability.tracing.export import make_provider
from kentongan.observability.tracing.spans import use
from kentongan.settings import ServiceSettings, TracingSettings
from tests.support.declared_spans import undeclared

Finished = Callable[[], list[ReadableSpan]]


class Recorder:
    """Begins to record when told to, and hands out what was."""

    def __init__(self) -> None:
        self._kept = InMemorySpanExporter()
        self._providers: list[TracerProvider] = []

    def on(self, ratio: float = 0.0) -> None:
        settings = ServiceSettings(
            environment="development", tracing=TracingSettings(sample_ratio=ratio)
        )
        provider = make_provider(settings, service="test", exporter=self._kept)
        self._providers.append(provider)
        use(provider.get_tracer("test"), ratio=ratio)

    def spans(self) -> list[ReadableSpan]:
        """Those that are over, in the order of their end."""
        for provider in self._providers:
            provider.force_flush()
        spans = list(self._kept.get_finished_spans())
        for span in spans:
            assert undeclared(span.name, span.attributes or {}) == []
            assert not span.events, "an event of a span may hold an exception's words"
        return spans

    def named(self, name: str) -> ReadableSpan:
        (found,) = [span for span in self.spans() if span.name == name]
        return found

    def stop(self) -> None:
        use(None)
        for provider in self._providers:
            provider.shutdown()


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    recorder = Recorder()
    yield recorder
    recorder.stop()
