"""Stands for the store of traces: takes OTLP over HTTP, writes each span's outline on a line."""

import gzip
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


class Receiver(BaseHTTPRequestHandler):
    """POST /v1/traces."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            [service] = [
                one.value.string_value
                for one in resource.resource.attributes
                if one.key == "service.name"
            ]
            for scope in resource.scope_spans:
                for span in scope.spans:
                    traces = {span.trace_id.hex(), *(link.trace_id.hex() for link in span.links)}
                    outline = {"service": service, "span": span.name, "traces": sorted(traces)}
                    print(json.dumps(outline), flush=True)
        answer = ExportTraceServiceResponse().SerializeToString()
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing: the lines are the spans'."""


if __name__ == "__main__":
    ThreadingHTTPServer(("", 4318), Receiver).serve_forever()
