"""Probes and metrics: for the platform, not for clients, so not in the OpenAPI document."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Readiness = Callable[[], Awaitable[Mapping[str, bool]]]
"""Names what a request needs (`mongo`, `directories`), and whether each is there."""

_logger = structlog.get_logger(__name__)


def health_router(readiness: Readiness) -> APIRouter:
    """`/health/live`: the loop turns. `/health/ready`: requests can be served. `/metrics`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> JSONResponse:
        return JSONResponse({"status": "live"})

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        checks: Mapping[str, bool]
        try:
            checks = await readiness()
        except Exception as error:  # noqa: BLE001 - a check that can't be made has failed
            _logger.warning("readiness.failed", error=type(error).__name__)
            checks = {"readiness": False}
        is_ready = all(checks.values())
        return JSONResponse(
            {"status": "ready" if is_ready else "not-ready", "checks": dict(checks)},
            status_code=200 if is_ready else 503,
        )

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router
