"""Everything that is looked at, in one list."""

import asyncio
import os
from collections.abc import Mapping

from pydantic import ValidationError

from kentongan.process.composition import connected
from kentongan.process.examination import settings as settings_rows
from kentongan.process.examination.cluster import examine_cluster
from kentongan.process.examination.database import examine_database
from kentongan.process.examination.findings import Finding, fine
from kentongan.process.examination.keys import examine_keys
from kentongan.process.service import ServiceDefinition
from kentongan.settings import ServiceSettings
from kentongan.settings.environment import problems_of


async def examine(
    definition: ServiceDefinition,
    played: tuple[str, ...],
    variables: Mapping[str, str] = os.environ,
) -> list[Finding]:
    """What would fail, or is doubtful, for a process of these roles; nothing is changed.

    Where the settings aren't valid, nothing else can be looked at.
    """
    unknown = list(settings_rows.unknown(definition, variables))
    try:
        settings = definition.settings()
    except ValidationError:
        return [*settings_rows.not_valid(problems_of(definition.settings)), *unknown]
    rows = [
        fine("settings", "valid"),
        settings_rows.environment(settings),
        *unknown,
        *settings_rows.doubts(settings),
        *settings_rows.secrets(settings),
    ]
    for found in await _surroundings(definition, settings, played):
        rows.extend(found)
    return rows


async def _surroundings(
    definition: ServiceDefinition, settings: ServiceSettings, played: tuple[str, ...]
) -> list[list[Finding]]:
    async with connected(definition, settings) as (assembly, resources):
        looks = [
            examine_database(assembly, resources),
            examine_cluster(definition.name, assembly.subscriptions.topics, played, settings.kafka),
        ]
        if "api" in played:
            looks.append(examine_keys(settings.auth))
        return await asyncio.gather(*looks)
