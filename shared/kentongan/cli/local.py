"""`kentongan up` and `kentongan demo`: the whole system on this machine.

What they need beside a service is imported once one of them is called: production does without it.
"""

import asyncio
import json
import secrets
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from kentongan.demo.options import DemoOptions

DEFAULT_CITY = "36.71"
City = Annotated[str, typer.Option(help="Kemendagri code: 36.71, 18.72, 35.74.")]


def up(*, city: City = DEFAULT_CITY) -> None:
    """Run the whole stack and the services until Ctrl-C, and say how to talk to them."""
    raise typer.Exit(asyncio.run(_embedded("kentongan.local.up").run_until_told(city)))


def demo(
    *,
    city: Annotated[
        str | None, typer.Option(help="Kemendagri code: 36.71 (if none), 18.72, 35.74.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Repeat a run; random if none.")] = None,
    keep: Annotated[bool, typer.Option(help="Leave everything running at the end.")] = False,
    quick: Annotated[bool, typer.Option(help="A tenth of the season.")] = False,
    page: Annotated[Path, typer.Option(help="Where the page goes.")] = Path("season.html"),
    against: Annotated[
        Path | None,
        typer.Option(help="A running system, named by a JSON file: deploy/README.md."),
    ] = None,
    settings: Annotated[
        bool, typer.Option(help="Print the settings that a season needs of services, as JSON.")
    ] = False,
) -> None:
    """Run a season of the programme through the public interfaces, and show the result."""
    if settings:
        typer.echo(json.dumps(_embedded("kentongan.demo.hurry").IN_A_HURRY, indent=2))
        return
    if against is not None and (keep or city is not None):
        typer.echo(
            "--against: kota ada di berkas, dan tidak ada yang dihentikan; tanpa --city dan --keep "
            "/ the city is in the file, and nothing is stopped; without --city and --keep",
            err=True,
        )
        raise typer.Exit(2)
    options = DemoOptions(
        city=city or DEFAULT_CITY,
        seed=secrets.randbelow(2**31) if seed is None else seed,
        keep=keep,
        quick=quick,
        page=page,
        against=against,
    )
    raise typer.Exit(asyncio.run(_embedded("kentongan.demo.run").run_demo(options)))


def _embedded(module: str) -> Any:
    """A module of the embedded stack; exit code 1 and what to install where it can't be had."""
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        typer.echo(
            f"{missing.name} belum terpasang / is not installed. `make up` dan/and `make demo` "
            "memasang semuanya / install everything.",
            err=True,
        )
        raise typer.Exit(1) from None
