"""Which variables of the environment mean nothing to a process of a service."""

import os
from collections.abc import Mapping

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.process.service import ServiceDefinition
from kentongan.settings.machine import CacheSettings, LocalSettings
from kentongan.settings.unknown import UnknownVariable, unknown_variables

COMMANDS = ("KENTONGAN_TEST_", "KENTONGAN_IDENTITY_")
"""Names of what no service reads: the tests, and commands about people's roles."""


def unknown_to(
    definition: ServiceDefinition, environment: Mapping[str, str] = os.environ
) -> list[UnknownVariable]:
    """Names that nobody reads; other services' own ones pass, as all may share one environment."""
    services = {event.contract.topic.service for event in CATALOGUE.events}
    services.update(reader for event in CATALOGUE.events for reader in event.contract.readers)
    others = (f"KENTONGAN_{name.upper()}_" for name in sorted(services - {definition.name}))
    return unknown_variables(
        environment,
        (definition.settings, LocalSettings, CacheSettings),
        others=(*COMMANDS, *others),
    )
