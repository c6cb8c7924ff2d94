"""What an operator sees: one line and one measurement a request, probes, nothing about persons."""

from typing import Any

import httpx
import structlog
from fastapi import FastAPI
from prometheus_client import REGISTRY
from structlog.testing import LogCapture

from kentongan.http.health import health_router


async def test_a_request_is_one_log_line_without_personal_data(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    captured = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, captured])
    try:
        ids = {"X-Correlation-ID": "c-7"}
        await client.get("/v1/posts/siti-rahayu?x=siti", headers=bearer("diskominfo") | ids)
    finally:
        structlog.configure(processors=before)
    (line,) = [entry for entry in captured.entries if entry["event"] == "http.request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/posts/{post_id}", 404)
    assert line["rule"] == "not-found"
    assert line["correlation_id"] == "c-7"
    assert line["milliseconds"] >= 0
    assert "siti" not in str(captured.entries)
    assert "u-1" not in str(captured.entries)
    assert structlog.contextvars.get_contextvars().get("correlation_id") is None


def counted(route: str, method: str, status: str) -> float:
    labels = {"service": "posts", "method": method, "route": route, "status": status}
    return REGISTRY.get_sample_value("kentongan_http_requests_total", labels) or 0.0


async def test_requests_are_counted_by_route_template(client: httpx.AsyncClient) -> None:
    template = counted("/v1/posts/{post_id}", "GET", "401")
    unmatched = counted("unmatched", "GET", "404")
    odd = counted("unmatched", "other", "404")
    await client.get("/v1/posts/pos-1")
    await client.get("/v1/posts/posts")
    await client.get("/nowhere/1")
    await client.request("BREW", "/nowhere/2")
    assert counted("/v1/posts/{post_id}", "GET", "401") == template + 2
    assert counted("unmatched", "GET", "404") == unmatched + 1
    assert counted("unmatched", "other", "404") == odd + 1
    exposed = (await client.get("/metrics")).text
    assert "kentongan_http_request_seconds_bucket" in exposed


async def test_probes_tell_life_from_readiness(
    client: httpx.AsyncClient, checks: dict[str, bool]
) -> None:
    assert (await client.get("/health/live")).status_code == 200
    ready = await client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready", "checks": checks})
    checks["kims directory"] = False
    waiting = await client.get("/health/ready")
    assert (waiting.status_code, waiting.json()["status"]) == (503, "not-ready")
    assert waiting.json()["checks"]["kims directory"] is False
    assert (await client.get("/health/live")).status_code == 200


async def test_a_check_that_cannot_be_made_is_not_ready() -> None:
    async def readiness() -> dict[str, bool]:
        raise ConnectionError("mongo-0.internal is away")

    app = FastAPI()
    app.include_router(health_router(readiness))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://probe") as probe:
        response = await probe.get("/health/ready")
    assert (response.status_code, response.json()["status"]) == (503, "not-ready")
    assert "internal" not in response.text
