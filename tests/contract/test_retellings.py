"""Whatever a service publishes it can tell again: no topic is lost for good."""

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.event import Kind
from kentongan.process.service import service_names
from kentongan.testing.assemblies import assemble


@pytest.mark.parametrize("service", service_names())
def test_every_topic_has_a_retelling(service: str) -> None:
    assembly = assemble(service).assembly
    told = [topic.name for one in assembly.retellings for topic in one.topics]
    published = {event.contract.topic.name for event in CATALOGUE.published_by(service)}
    assert sorted(told) == sorted(published)
    assert {one.store.name for one in assembly.retellings} <= {one.name for one in assembly.stores}


def test_every_state_topic_has_one_founding_event() -> None:
    for name, topic in CATALOGUE.topics.items():
        founding = [
            event
            for event in CATALOGUE.events
            if event.contract.topic.name == name and event.contract.founding
        ]
        assert len(founding) == (topic.kind is Kind.STATE), name
