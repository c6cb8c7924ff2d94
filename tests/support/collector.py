"""A collector of traces: takes OTLP over HTTP as protobuf, and keeps the spans to be looked at."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


@dataclass(frozen=True)
class Collected:
    """One span as it came; ids in hexadecimal, no parent as an empty one."""

    service: str
    resource: dict[str, Any]
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    links: tuple[tuple[str, str], ...]
    attributes: dict[str, Any]
    failed: bool
    events: int
    nanoseconds: tuple[int, int]

    @property
    def context(self) -> tuple[str, str]:
        return self.trace_id, self.span_id


@dataclass
class Collector:
    """Listens at `endpoint`; `spans` grows as services send theirs."""

    endpoint: str = ""
    spans: list[Collected] = field(default_factory=list)

    def trace(self, trace_id: str) -> list[Collected]:
        return [span for span in self.spans if span.trace_id == trace_id]

    def linked_to(self, context: tuple[str, str]) -> list[Collected]:
        """Spans of other traces that name this one."""
        return [
            span for span in self.spans if context in span.links and span.trace_id != context[0]
        ]

    def take(self, request: ExportTraceServiceRequest) -> None:
        for of_process in request.resource_spans:
            resource = _values(of_process.resource.attributes)
            for of_scope in of_process.scope_spans:
                self.spans.extend(_collected(span, resource) for span in of_scope.spans)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a free loopback port, while the block runs."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known = self.path == "/v1/traces" and (
                self.headers["Content-Type"] == "application/x-protobuf"
            )
            if known:
                collector.take(ExportTraceServiceRequest.FromString(body))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    collector.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _collected(span: Span, resource: dict[str, Any]) -> Collected:
    return Collected(
        service=resource["service.name"],
        resource=resource,
        name=span.name,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
        attributes=_values(span.attributes),
        failed=span.status.code == Status.STATUS_CODE_ERROR,
        events=len(span.events),
        nanoseconds=(span.start_time_unix_nano, span.end_time_unix_nano),
    )


def _values(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair) for pair in pairs}


def _value(pair: KeyValue) -> Any:
    kind = pair.value.WhichOneof("value")
    return getattr(pair.value, kind) if kind else None
