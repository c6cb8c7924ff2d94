"""What a process shows of itself from its first moment: its build, and every counter at 0."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from fastapi.routing import APIRoute

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.http import API_PREFIX
from kentongan.messaging.kafka.topics import topic_name
from kentongan.messaging.read_models.poison import REASONS
from kentongan.observability import metrics
from kentongan.observability.beginning import Known, begin
from kentongan.process.service import Assembly, ServiceDefinition
from kentongan.settings import ServiceSettings

DISTRIBUTION = "kentongan"


def begin_metrics(
    definition: ServiceDefinition,
    assembly: Assembly,
    settings: ServiceSettings,
    played: tuple[str, ...],
) -> None:
    """Show the build, and all series whose labels are known."""
    service = definition.name
    metrics.BUILD_INFO.labels(service, installed_version(), settings.revision).set(1)
    published = {event.contract.topic.name for event in CATALOGUE.published_by(service)}
    begin(
        Known(
            service=service,
            roles=definition.roles,
            reads=tuple(topic_name(settings.kafka, one) for one in assembly.subscriptions.topics),
            publishes=tuple(topic_name(settings.kafka, one) for one in sorted(published)),
            read_models=tuple(one.name for one in assembly.subscriptions.read_models),
            poison_reasons=REASONS,
            routes=tuple(_routes(assembly)) if "api" in played else (),
        )
    )


def installed_version() -> str:
    """Of the distribution, as it was installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown"


def _routes(assembly: Assembly) -> Iterator[tuple[str, str, str]]:
    for router in assembly.routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                wanted = {route.status_code or 200, *(int(s) for s in route.responses if _good(s))}
                for method in sorted(route.methods or ()):
                    for status in sorted(wanted):
                        yield method, f"{API_PREFIX}{route.path}", str(status)


def _good(status: int | str) -> bool:
    return str(status).startswith("2")
