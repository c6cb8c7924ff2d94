"""Runs the demo: on a stack of its own or against a running system; a page, and a verdict."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiokafka.errors import KafkaError
from rich.console import Console
from rich.markup import escape

from kentongan.demo.against.playing import NotPlayable, play_against
from kentongan.demo.against.reading import TargetRefused, read_target
from kentongan.demo.city.places import CityUnknown, load_city
from kentongan.demo.embedded import play_embedded
from kentongan.demo.options import DemoOptions
from kentongan.demo.season import Played
from kentongan.demo.terminal.progress import new_console
from kentongan.local.failures import WHAT_IS_MISSING, CannotRunHere
from kentongan.messaging.kafka.topics import TopicsNotReady
from kentongan.observability.logging import configure_logging

BAD_VERDICT, FAILED, BAD_OPTIONS = 1, 1, 2
INTERRUPTED = 130
Playing = Callable[[asyncio.Event, asyncio.Event], Awaitable[Played | None]]


async def run_demo(options: DemoOptions) -> int:
    """Play a season and show it; 0 where the verdict is good, 1 where not, 2 for bad options."""
    configure_logging("demo", level="WARNING")
    console = new_console()
    try:
        options, playing = _where(options, console)
        city = load_city(options.city)
    except CityUnknown:
        console.print(f"[red]Kode kota tidak dikenal / unknown city code: {options.city}[/]")
        return BAD_OPTIONS
    except TargetRefused as refused:
        console.print(f"[red]{options.against}[/]\n{escape(str(refused))}", soft_wrap=True)
        return BAD_OPTIONS
    console.print(
        f"[bold]Kentongan[/] · {city.name} ({city.code}), {len(city.villages)} kelurahan · "
        f"SEED={options.seed}" + (" · QUICK=1" if options.quick else "")
    )
    return await _until_signalled(playing, console)


def _where(options: DemoOptions, console: Console) -> tuple[DemoOptions, Playing]:
    """What to play, and how to play it where the options say. Raises TargetRefused."""
    if options.against is None:
        return options, lambda stopping, shown: play_embedded(options, console, stopping, shown)
    target, kafka = read_target(options.against)
    there = replace(options, city=target.city)
    return there, lambda _stopping, _shown: play_against(there, target, kafka, console)


async def _until_signalled(playing: Playing, console: Console) -> int:
    stopping, shown = _stop_on_signals(), asyncio.Event()
    season = asyncio.create_task(_verdict(playing(stopping, shown), console))
    interrupted = asyncio.create_task(stopping.wait())
    await asyncio.wait((season, interrupted), return_when=asyncio.FIRST_COMPLETED)
    # Once all is shown, a signal only ends the waiting of KEEP=1; the verdict stands.
    if not season.done() and not shown.is_set():
        season.cancel()
    interrupted.cancel()
    try:
        return await season
    except asyncio.CancelledError:
        console.print("Dihentikan / stopped.")
        return INTERRUPTED


async def _verdict(playing: Awaitable[Played | None], console: Console) -> int:
    try:
        played = await playing
    except CannotRunHere as error:
        console.print(f"[red]{escape(str(error))}[/]\n{WHAT_IS_MISSING}")
        return FAILED
    except NotPlayable as error:
        console.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        return FAILED
    except (KafkaError, TopicsNotReady) as error:
        console.print(f"[red]Kafka: {escape(str(error))}[/]", soft_wrap=True)
        return FAILED
    if played is None:
        return FAILED
    return 0 if played.season.verdict.good else BAD_VERDICT


def _stop_on_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    return stopping
