"""Every counter begins at 0 for the label values that are known: else nobody sees its first."""

import pytest
from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.metrics import MetricWrapperBase

from kentongan.messaging.cloudevents import Reason
from kentongan.observability import metrics
from kentongan.observability.beginning import Known, begin
from kentongan.observability.histograms import BatchHistogram
from kentongan.process.beginning import begin_metrics
from kentongan.process.service import find_service, service_names
from kentongan.testing.assemblies import assemble

ALL = Known(
    service="drums",
    roles=("api", "consumer", "relay", "courier"),
    reads=("x.drums",),
    publishes=("x.sticks",),
    read_models=("drums",),
    poison_reasons=("schema",),
    routes=(("GET", "/v1/drums", "200"),),
)


def series(service: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for metric in REGISTRY.collect():
        for sample in metric.samples:
            if sample.labels.get("service") == service:
                found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def counting() -> list[MetricWrapperBase]:
    return [one for one in vars(metrics).values() if isinstance(one, Counter | Histogram)]


def test_no_counter_was_forgotten() -> None:
    """Whatever counts, in the one file with all metrics, shows a 0 before it counts."""
    begin(ALL)
    shown = series("drums")
    assert counting()
    for metric in counting():
        name = f"{metric._name}_{'total' if isinstance(metric, Counter) else 'count'}"
        assert shown.get(name), f"{name} shows nothing until it counts"
        assert {value for _, value in shown[name]} == {0.0}


@pytest.mark.parametrize("name", service_names())
def test_each_service_knows_its_own(name: str) -> None:
    definition = find_service(name)
    settings = definition.settings(environment="development", revision="abc123")
    begin_metrics(definition, assemble(name).assembly, settings, definition.roles)
    shown = series(name)

    def values(metric: str, label: str) -> set[str]:
        return {labels[label] for labels, _ in shown.get(metric, [])}

    subscriptions = assemble(name).assembly.subscriptions
    assert values("kentongan_records_consumed_total", "topic") >= set(subscriptions.topics)
    assert values("kentongan_event_visible_seconds_count", "topic") >= set(subscriptions.topics)
    assert values("kentongan_dead_letters_total", "reason") >= {*Reason, "schema", "write-refused"}
    assert {"200", "500"} <= values("kentongan_http_requests_total", "status")
    outcomes = values("kentongan_webhook_sendings_total", "outcome")
    assert outcomes == (
        {"delivered", "retried", "failed", "cancelled"} if name == "broadcast" else set()
    )
    assert values("kentongan_build_info", "revision") >= {"abc123"}
    assert values("kentongan_build_info", "version") == {"0.1.0"}


def test_many_observations_are_what_one_by_one_would_be() -> None:
    amounts = [0.0, 0.005, 0.0051, 1.0, 59.9, 60.0, 7_200.0, 0.005]
    many, single = (
        BatchHistogram(f"test_{name}", "", ("service",), buckets=metrics.AGES, registry=None)
        for name in ("many", "single")
    )
    many.labels("a").observe_many(iter(amounts))
    many.labels("a").observe_many([])
    for amount in amounts:
        single.labels("a").observe(amount)

    def figures(histogram: BatchHistogram) -> dict[str, float]:
        (metric,) = histogram.collect()
        return {
            sample.labels.get("le", sample.name.rpartition("_")[2]): sample.value
            for sample in metric.samples
            if not sample.name.endswith("_created")
        }

    assert figures(many) == pytest.approx(figures(single))
