"""One command is followed from its request through Kafka into another service's read model."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.local.service_process import ServiceProcess
from kentongan.messaging.kafka.tail import tail
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices, logged
from tests.support.collector import Collected, Collector, collecting
from tests.support.declared_spans import undeclared
from tests.support.office import Group, Office
from tests.support.waiting import eventually

SEED = 3671
CALLER = "00f067aa0ba902b7"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
UNSAMPLED = "5bf92f3577b34da6a3ce929d0e0e4736"
REGISTRY, PLACEMENT = "kentongan-registry", "kentongan-placement"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture
async def services(
    stack: Backends, tmp_path: Path, collector: Collector
) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    services.environment |= {
        "KENTONGAN_TRACING_OTLP_ENDPOINT": collector.endpoint,
        # What no caller asks for is not recorded: all that comes is of the one command.
        "KENTONGAN_TRACING_SAMPLE_RATIO": "0",
        # FastAPI's own, if it were on, would tell paths.
        "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
    }
    await services.prepare()
    yield services
    await services.remove()


async def test_a_command_is_one_trace_over_two_services(
    services: RunningServices, collector: Collector
) -> None:
    print(f"seed {SEED}")
    registry, placement = services.process("registry"), services.process("placement")
    await services.start(registry, placement)
    async with httpx.AsyncClient(base_url=registry.base_url, trust_env=False) as http:
        office = Office(http, SEED)
        http.headers["traceparent"] = f"00-{UNSAMPLED}-{CALLER}-00"
        group = await office.register_one()
        await eventually(lambda: _shows(placement, group.id, "registered"), what="registered")
        http.headers["traceparent"] = f"00-{TRACE}-{CALLER}-01"
        await office.suspend(group)
        await eventually(lambda: _shows(placement, group.id, "suspended"), what="suspended")
    topic = f"{services.topic_prefix}registry.kims"
    await eventually(
        lambda: any(span.name == "react flag-assignments" for span in collector.trace(TRACE)),
        what="the last span of the trace",
    )
    await services.stop()

    request = _one(collector, REGISTRY, "POST /v1/kims/{kim_id}/suspension")
    command = _one(collector, REGISTRY, "command kim.suspend")
    update = _one(collector, REGISTRY, "update kims")
    send = _one(collector, REGISTRY, f"send {topic}")
    process = _one(collector, PLACEMENT, f"process {topic}")
    write = _one(collector, PLACEMENT, "update directory.kims")
    react = _one(collector, PLACEMENT, "react flag-assignments")
    assert (request.kind, request.parent_id) == ("server", CALLER)
    assert command.parent_id == request.span_id
    assert update.parent_id == command.span_id
    assert (send.kind, send.parent_id, send.links) == (
        "client",
        command.span_id,
        (command.context,),
    )
    assert (process.kind, process.parent_id) == ("consumer", command.span_id)
    assert process.links == (command.context,)
    assert write.parent_id == process.span_id
    assert (react.parent_id, react.links) == (process.span_id, (process.context,))
    assert request.attributes["http.response.status_code"] == 200
    assert process.attributes["messaging.kafka.offset"] == send.attributes["messaging.kafka.offset"]
    assert process.attributes["messaging.consumer.group.name"].endswith("placement")
    assert update.attributes["db.collection.name"] == "kims"
    linked = {(span.service, span.name) for span in collector.linked_to(command.context)}
    assert linked == {(REGISTRY, "relay round"), (PLACEMENT, f"poll {topic}")}

    assert collector.trace(UNSAMPLED) == []
    assert {span.trace_id for span in collector.spans} == {
        TRACE,
        *(span.trace_id for span in collector.linked_to(command.context)),
    }
    _assert_decent(collector, group)
    assert await _traceparents(services, group) == [
        (UNSAMPLED, "00"),
        (TRACE, "01"),
    ], "the header is the creation context, unchanged"
    answered = [line for line in logged(registry, "http.request") if line["trace_id"] == TRACE]
    assert [line["status"] for line in answered] == [200]


def _one(collector: Collector, service: str, name: str) -> Collected:
    found = [
        span for span in collector.trace(TRACE) if (span.service, span.name) == (service, name)
    ]
    shown = sorted((span.service, span.name) for span in collector.trace(TRACE))
    assert len(found) == 1, f"{name} of {service}, among {shown}"
    return found[0]


def _assert_decent(collector: Collector, group: Group) -> None:
    """Nothing that isn't declared, and nothing that leads to somebody."""
    for span in collector.spans:
        assert undeclared(span.name, span.attributes) == []
        assert span.events == 0
        told = str((span.name, span.attributes, span.resource))
        for value in (group.id, group.dossier.name, "diskominfo", "Uji gangguan"):
            assert value not in told
        assert span.resource["kentongan.city"] == "36.71"
        assert span.resource["service.instance.id"]
        assert span.resource["service.version"]


async def _traceparents(services: RunningServices, group: Group) -> list[tuple[str, str]]:
    """Trace and flags of the group's events, as they lie in the topic."""
    found = []
    async for event in tail(
        services.kafka, CATALOGUE, topics=["registry.kims"], start="beginning", follow=False
    ):
        assert event.envelope.key == group.id
        _, trace_id, _, flags = event.envelope.traceparent.split("-")
        found.append((trace_id, flags))
    return found


async def _shows(placement: ServiceProcess, kim_id: str, status: str) -> bool:
    async with httpx.AsyncClient(base_url=placement.base_url, trust_env=False) as http:
        shown = (await http.get("/v1/kims")).json()["items"]
    return [(kim["id"], kim["status"]) for kim in shown] == [(kim_id, status)]
