"""`kentongan up`: the whole system until somebody says stop, and how to talk to it."""

import asyncio
import signal
import sys
from datetime import timedelta

from rich.console import Console

from kentongan.http import Role, sign_development_token
from kentongan.local.processes import NotReadyInTime, ProcessEndedEarly
from kentongan.local.stack import EmbeddedStack
from kentongan.local.system import LocalSystem, PreparationFailed
from kentongan.observability.logging import configure_logging

TOKEN_LIFE = timedelta(hours=12)


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
            async with LocalSystem.on(stack, city=city) as system:
                _show(console, system, city)
                return await _wait(told, system)
    except (PreparationFailed, ProcessEndedEarly, NotReadyInTime) as error:
        print(error, file=sys.stderr)  # noqa: T201  # for the person who typed the command
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


def development_tokens(city: str) -> dict[Role, str]:
    """A token for each role, scoped to the city, signed with the development key."""
    return {
        role: sign_development_token(
            {"sub": f"development-{role.value}", "roles": [role.value], "region": city}, TOKEN_LIFE
        )
        for role in Role
    }


def _show(console: Console, system: LocalSystem, city: str) -> None:
    console.print("\n[bold]Layanan / services[/]")
    for name, address in system.addresses.items():
        console.print(f"  {name:<10} {address}/docs")
    console.print("\n[bold]Token[/] (12 jam / hours)")
    tokens = development_tokens(city)
    for role, token in tokens.items():
        console.print(f"  {role.value}: {token}", highlight=False)
    registry = system.addresses["registry"]
    console.print("\n[bold]Permintaan pertama / a first request[/]")
    console.print(
        f"  curl -X POST {registry}/v1/kims -H 'Content-Type: application/json' "
        f"-H 'Authorization: Bearer {tokens[Role.DISKOMINFO]}' "
        f'-d \'{{"name": "KIM Gerendeng", "region_code": "36.71.07.1013", '
        f'"level": "kelurahan", "potentials": ["umkm"], "links": []}}\'',
        highlight=False,
    )
    console.print(f"  curl '{registry}/v1/coverage?region={city}'", highlight=False)
    console.print("\nCtrl-C menghentikan semuanya / stops everything.")
