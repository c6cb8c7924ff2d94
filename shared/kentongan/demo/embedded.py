"""A season on a stack of its own, which is gone afterwards with all its data."""

import asyncio
import platform
import uuid
from collections.abc import Mapping
from os import cpu_count

from rich.console import Console
from rich.markup import escape

from kentongan.demo.clients.bearers import development_issuer
from kentongan.demo.clients.endpoint import Endpoint
from kentongan.demo.hurry import IN_A_HURRY
from kentongan.demo.options import DemoOptions
from kentongan.demo.season import Played
from kentongan.demo.setting import Setting
from kentongan.demo.showing import play_and_show
from kentongan.demo.summary import Text
from kentongan.local.stack import EmbeddedStack
from kentongan.local.system import LocalSystem
from kentongan.local.ways_in import named_link, ways_in
from kentongan.settings import KafkaSettings
from kentongan.settings.machine import LocalSettings

TOPIC_PREFIX = "KENTONGAN_KAFKA_TOPIC_PREFIX"
DATABASE_PREFIX = "KENTONGAN_MONGO_DATABASE_PREFIX"


async def play_embedded(
    options: DemoOptions, console: Console, stopping: asyncio.Event, shown: asyncio.Event
) -> Played | None:
    """Everything that needs the stack. Raises CannotRunHere where there can't be one."""
    local = LocalSettings()
    prefixes = _prefixes(local)
    async with EmbeddedStack(local, ephemeral=True) as stack:
        for line in stack.describe():
            console.print(f"  {line}", style="dim")
        async with LocalSystem.on(stack, city=options.city, own=IN_A_HURRY, **prefixes) as system:

            async def show_logs(console: Console) -> None:
                for service in system.services.values():
                    tail = escape(service.log_tail())
                    console.print(f"[dim]{service.name}:\n{tail}[/]", highlight=False)

            journal = stack.data_folder / "journal.jsonl"
            setting = _setting(options, stack, system, prefixes)
            played = await play_and_show(options, setting, journal, console, show_logs)
            if played is not None:
                shown.set()
                if options.keep:
                    _show_ways_in(console, stack, system, played)
                    await stopping.wait()
            return played


def _setting(
    options: DemoOptions, stack: EmbeddedStack, system: LocalSystem, prefixes: Mapping[str, str]
) -> Setting:
    quick = " QUICK=1" if options.quick else ""
    return Setting(
        services={name: Endpoint(url) for name, url in system.addresses.items()},
        kafka=KafkaSettings(
            bootstrap_servers=stack.kafka_bootstrap, topic_prefix=prefixes[TOPIC_PREFIX]
        ),
        broker_kind=stack.broker_kind,
        issuer=development_issuer(),
        receiver=None,
        machine=f"{cpu_count()} CPU, {platform.system()} {platform.machine()}",
        repeat=f"make demo CITY={options.city} SEED={options.seed}{quick}",
    )


def _prefixes(local: LocalSettings) -> dict[str, str]:
    """On somebody's own cluster the demo keeps to topics and databases of its own.

    Always stated, as a prefix in the environment would reach the services, but not their reader.
    """
    own = local.kafka_bootstrap_servers is None and local.mongo_uri is None
    run = uuid.uuid4().hex[:8]
    return {
        TOPIC_PREFIX: "" if own else f"demo-{run}.",
        DATABASE_PREFIX: "kentongan_" if own else f"demo_{run}_",
    }


def _show_ways_in(
    console: Console, stack: EmbeddedStack, system: LocalSystem, played: Played
) -> None:
    city = played.season.circumstances.city_code
    at = system.addresses
    console.print("\n[bold]Masih berjalan / still running[/]")
    shown = (
        ("registry", f"/v1/coverage?region={city}"),
        ("registry", f"/v1/kims?region={city}"),
        ("broadcast", f"/v1/contents?region={city}"),
        ("broadcast", f"/v1/feeds/{city}.atom"),
        ("scoring", f"/v1/competitions/{played.competition_id}/results"),
        ("scoring", f"/v1/campaigns/{played.campaign_id}/tally"),
    )
    for line in (
        *ways_in(stack, system),
        *(named_link(service, at[service] + path) for service, path in shown),
    ):
        console.print(f"  {line}", highlight=False, soft_wrap=True)
    console.print("[bold]Token[/]")
    for role, token in played.tokens.items():
        console.print(f"  {role}: {token}", highlight=False, soft_wrap=True)
    console.print(
        f"  curl -H 'Authorization: Bearer {played.tokens['diskominfo']}' "
        f"'{at['placement']}/v1/cohorts/{played.cohort_id}/placement'",
        highlight=False,
        soft_wrap=True,
    )
    text = Text("Ctrl-C menghentikan semuanya", "Ctrl-C stops everything")
    console.print(f"{text.id} / {text.en}.")
