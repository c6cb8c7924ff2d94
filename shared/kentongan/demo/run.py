"""Runs the demo: a stack of its own, the services, the season, the page, and a verdict."""

import asyncio
import signal
import uuid
from dataclasses import replace
from pathlib import Path

import httpx
from rich.console import Console
from rich.markup import escape

from kentongan.demo.acts.subscribing import IMPATIENT
from kentongan.demo.acts.voting import HURRIED
from kentongan.demo.acts.world import SeasonDeviated
from kentongan.demo.city.places import CityUnknown, load_city
from kentongan.demo.clients.delays import NeverVisible
from kentongan.demo.clients.service_client import CommandRefused
from kentongan.demo.clients.waiting import WaitedInVain
from kentongan.demo.consistency.journal import Journal
from kentongan.demo.options import DemoOptions
from kentongan.demo.page import write_page
from kentongan.demo.season import Played, Setting, play
from kentongan.demo.summary import Text
from kentongan.demo.terminal.display import show_season
from kentongan.demo.terminal.progress import TerminalProgress, new_console
from kentongan.local.failures import WHAT_IS_MISSING, CannotRunHere
from kentongan.local.stack import EmbeddedStack
from kentongan.local.system import LocalSystem
from kentongan.local.ways_in import named_link, ways_in
from kentongan.observability.logging import configure_logging
from kentongan.settings import KafkaSettings
from kentongan.settings.machine import LocalSettings

BAD_VERDICT, FAILED, BAD_OPTIONS = 1, 1, 2
INTERRUPTED = 130
TOPIC_PREFIX = "KENTONGAN_KAFKA_TOPIC_PREFIX"
DATABASE_PREFIX = "KENTONGAN_MONGO_DATABASE_PREFIX"
IN_A_HURRY = {"broadcast": IMPATIENT, "scoring": HURRIED}
"""Settings of single services that a season of a minute needs."""


async def run_demo(options: DemoOptions) -> int:
    """Play a season and show it; 0 where the verdict is good, 1 where not, 2 for bad options."""
    configure_logging("demo", level="WARNING")
    console = new_console()
    try:
        city = load_city(options.city)
    except CityUnknown:
        console.print(f"[red]Kode kota tidak dikenal / unknown city code: {options.city}[/]")
        return BAD_OPTIONS
    console.print(
        f"[bold]Kentongan[/] · {city.name} ({city.code}), {len(city.villages)} kelurahan · "
        f"SEED={options.seed}" + (" · QUICK=1" if options.quick else "")
    )
    stopping, shown = _stop_on_signals(), asyncio.Event()
    playing = asyncio.create_task(_on_a_stack(options, console, stopping, shown))
    interrupted = asyncio.create_task(stopping.wait())
    await asyncio.wait((playing, interrupted), return_when=asyncio.FIRST_COMPLETED)
    # Once all is shown, a signal only ends the waiting of KEEP=1; the verdict stands.
    if not playing.done() and not shown.is_set():
        playing.cancel()
    interrupted.cancel()
    try:
        return await playing
    except asyncio.CancelledError:
        console.print("Dihentikan / stopped.")
        return INTERRUPTED


async def _on_a_stack(
    options: DemoOptions, console: Console, stopping: asyncio.Event, shown: asyncio.Event
) -> int:
    """Everything that needs the stack; it is gone afterwards, with all its data."""
    local = LocalSettings()
    prefixes = _prefixes(local)
    try:
        async with EmbeddedStack(local, ephemeral=True) as stack:
            for line in stack.describe():
                console.print(f"  {line}", style="dim")
            async with LocalSystem.on(
                stack, city=options.city, own=IN_A_HURRY, **prefixes
            ) as system:
                setting = Setting(
                    addresses=system.addresses,
                    kafka=KafkaSettings(
                        bootstrap_servers=stack.kafka_bootstrap,
                        topic_prefix=prefixes[TOPIC_PREFIX],
                    ),
                    broker_kind=stack.broker_kind,
                )
                journal = stack.data_folder / "journal.jsonl"
                played = await _played(options, setting, journal, console, system)
                if played is None:
                    return FAILED
                shown.set()
                if options.keep:
                    _show_ways_in(console, stack, system, played)
                    await stopping.wait()
                return 0 if played.season.verdict.good else BAD_VERDICT
    except CannotRunHere as error:
        console.print(f"[red]{escape(str(error))}[/]\n{WHAT_IS_MISSING}")
        return FAILED


async def _played(
    options: DemoOptions,
    setting: Setting,
    journal_path: Path,
    console: Console,
    system: LocalSystem,
) -> Played | None:
    try:
        with Journal(journal_path) as journal, TerminalProgress(console) as progress:
            played = await play(options, setting, journal, progress)
    except (SeasonDeviated, CommandRefused, WaitedInVain, NeverVisible, httpx.HTTPError) as failure:
        console.print(f"\n[red]{type(failure).__name__}: {escape(str(failure))}[/]")
        for service in system.services.values():
            console.print(f"[dim]{service.name}:\n{escape(service.log_tail())}[/]", highlight=False)
        return None
    season = replace(played.season, stages=tuple(progress.stages))
    show_season(console, season)
    write_page(season, options.page)
    console.print(f"\n[bold]{options.page.resolve().as_uri()}[/]", soft_wrap=True)
    return replace(played, season=season)


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


def _stop_on_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    return stopping
