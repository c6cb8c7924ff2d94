"""`kentongan up`: the whole system until somebody says stop, and how to talk to it."""

import asyncio
import signal
import sys

from rich.console import Console

from kentongan.local.failures import WHAT_IS_MISSING, CannotRunHere
from kentongan.local.first_requests import first_requests
from kentongan.local.stack import EmbeddedStack
from kentongan.local.system import LocalSystem
from kentongan.local.tokens import development_tokens
from kentongan.local.ways_in import ways_in
from kentongan.observability.logging import configure_logging

ON_THIS_MACHINE = {"broadcast": {"KENTONGAN_BROADCAST_PRIVATE_TARGETS": "true"}}
"""Whoever tries a webhook here has the receiver here as well."""


async def run_until_told(city: str) -> int:
    """Start the stack and the services, print addresses and tokens, stop at Ctrl-C."""
    configure_logging("up", level="WARNING")
    console = Console(soft_wrap=True)
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    try:
        async with EmbeddedStack() as stack:
            for line in stack.describe():
                console.print(line)
            async with LocalSystem.on(stack, city=city, own=ON_THIS_MACHINE) as system:
                _show(console, stack, system, city)
                return await _wait(told, system)
    except CannotRunHere as error:
        print(f"{error}\n{WHAT_IS_MISSING}", file=sys.stderr)  # noqa: T201  # for a person
        return 1


async def _wait(told: asyncio.Event, system: LocalSystem) -> int:
    waiting = asyncio.create_task(told.wait())
    ending = asyncio.create_task(system.supervisor.unexpected_end())
    await asyncio.wait((waiting, ending), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if ending.done() and (ended := ending.result()):
        print(f"{ended.name} ended ({ended.returncode}):\n{ended.log_tail}", file=sys.stderr)  # noqa: T201
        return 1
    ending.cancel()
    return 0


def _show(console: Console, stack: EmbeddedStack, system: LocalSystem, city: str) -> None:
    console.print("\n[bold]Layanan / services[/]")
    for line in ways_in(stack, system):
        console.print(f"  {line}", highlight=False)
    console.print("\n[bold]Token[/] (12 jam / hours)")
    tokens = development_tokens(city)
    for role, token in tokens.items():
        console.print(f"  {role}: {token}", highlight=False)
    console.print("\n[bold]Permintaan pertama / first requests[/]")
    for lines in first_requests(system.addresses, tokens, city).values():
        for line in lines:
            # Not markup: a body in JSON has square brackets of its own.
            console.print(f"  {line}", highlight=False, markup=False)
    console.print("\nCtrl-C menghentikan semuanya / stops everything.")
