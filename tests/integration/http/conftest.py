"""Services as real processes, and something stored in each; one set a module."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from kentongan.local.service_process import ServiceProcess
from kentongan.testing.environment import Backends, run_apart
from kentongan.testing.running_services import RunningServices
from tests.integration.http.cohort_data import StoredCohort, store_cohort
from tests.integration.http.content_data import SETTINGS, StoredContents, store_contents
from tests.integration.http.contest_data import GRACE, StoredContests, store_contests
from tests.integration.http.group_data import StoredGroups, store_groups


@dataclass(frozen=True)
class City:
    """The processes of one module. `placement` runs only where a test asks for its data."""

    services: RunningServices
    registry: ServiceProcess


@pytest.fixture(scope="module")
def services(
    stack: Backends, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServices]:
    """Topics and databases of one module; no process runs yet."""
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap,
        mongo_uri=stack.mongo_uri,
        log_folder=tmp_path_factory.mktemp("services"),
    )
    try:
        run_apart(services.prepare)
        yield services
    finally:
        run_apart(services.remove)


@pytest.fixture(scope="module")
def city(services: RunningServices) -> City:
    registry = services.process("registry")
    run_apart(lambda: services.start(registry))
    return City(services, registry)


@pytest.fixture(scope="module")
def placement(city: City) -> ServiceProcess:
    process = city.services.process("placement")
    run_apart(lambda: city.services.start(process))
    return process


@pytest.fixture(scope="module")
def groups(city: City) -> StoredGroups:
    return run_apart(lambda: store_groups(city.services, city.registry.base_url))


@pytest.fixture(scope="module")
def cohort(city: City, placement: ServiceProcess) -> StoredCohort:
    return run_apart(lambda: store_cohort(city.registry.base_url, placement.base_url))


@pytest.fixture(scope="module")
def broadcast(city: City) -> ServiceProcess:
    """Without its courier: what tests register as webhooks is called by nobody."""
    roles = ["api", "consumer", "relay"]
    process = city.services.process("broadcast", roles=roles, settings=SETTINGS)
    run_apart(lambda: city.services.start(process))
    return process


@pytest.fixture(scope="module")
def stored_contents(city: City, broadcast: ServiceProcess) -> StoredContents:
    return run_apart(
        lambda: store_contents(city.services, city.registry.base_url, broadcast.base_url)
    )


@pytest.fixture(scope="module")
def scoring(services: RunningServices) -> ServiceProcess:
    """Alone: it needs no other service."""
    process = services.process("scoring", settings=GRACE)
    run_apart(lambda: services.start(process))
    return process


@pytest.fixture(scope="module")
def contests(services: RunningServices, scoring: ServiceProcess) -> StoredContests:
    return run_apart(lambda: store_contests(services, scoring))
