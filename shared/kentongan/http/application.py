"""The application factory: every service's HTTP side is made here, from its routers and words."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig

from kentongan.http.auth.authenticator import Authenticator
from kentongan.http.error_handlers import install_error_handlers
from kentongan.http.health import Readiness, health_router
from kentongan.http.observing import Observing
from kentongan.http.openapi.documentation import install_documentation
from kentongan.http.openapi.documented import complete_operation, documented
from kentongan.http.problems.document import FieldProblem, Problem
from kentongan.http.problems.storage import STORAGE_PROBLEMS
from kentongan.http.problems.texts import EDGE_PROBLEMS, ProblemTable
from kentongan.http.requests.commanding import OPTIONAL_SCHEME
from kentongan.http.requests.limits import RequestLimits
from kentongan.http.service_state import Clock, ServiceState

API_PREFIX = "/v1"
NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False)
"""FastAPI's own would put the path and the query of requests into spans and logs."""


class ServiceApplication(FastAPI):
    """FastAPI, with an OpenAPI document that names every problem a route may answer."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            components = document.setdefault("components", {})
            schemas = components.setdefault("schemas", {})
            for model in (Problem, FieldProblem):
                schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schema.pop("$defs", None)
                schemas[model.__name__] = schema
            components.get("securitySchemes", {}).pop(OPTIONAL_SCHEME, None)
            for path in document.get("paths", {}).values():
                for operation in path.values():
                    _name_optional_token(operation)
                    complete_operation(operation)
        return self.openapi_schema or {}


def create_application(
    *,
    service_name: str,
    title: str,
    description: str,
    routers: Sequence[APIRouter],
    problems: ProblemTable,
    auth: Authenticator,
    readiness: Readiness,
    clock: Clock,
    max_body_bytes: int = 1_048_576,
) -> FastAPI:
    """One service's application: its routers under `/v1`, probes, metrics and documentation pages.

    `problems` words the service's refusals and may reword the kit's own (a 404 that says "KIM").
    """
    app = ServiceApplication(
        title=title,
        description=description,
        version="1",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    app.state.kentongan = ServiceState(
        service=service_name,
        clock=clock,
        authenticator=auth,
        problems={**EDGE_PROBLEMS, **STORAGE_PROBLEMS, **problems},
    )
    for router in routers:
        app.include_router(router, prefix=API_PREFIX, responses=documented())
    app.include_router(health_router(readiness))
    install_documentation(app)
    install_error_handlers(app)
    app.add_middleware(RequestLimits, max_body_bytes=max_body_bytes)
    app.add_middleware(Observing, service=service_name)
    return app


def _name_optional_token(operation: dict[str, Any]) -> None:
    """OpenAPI says "a token or none" as a choice of requirements."""
    if {OPTIONAL_SCHEME: []} in operation.get("security", []):
        operation["security"] = [{}, {"bearer": []}]
