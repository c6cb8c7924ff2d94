"""Plays a season and shows it: on the terminal while it goes on, then as a page."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import httpx
from rich.console import Console
from rich.markup import escape

from kentongan.demo.acts.world import SeasonDeviated
from kentongan.demo.clients.delays import NeverVisible
from kentongan.demo.clients.problem import CommandRefused
from kentongan.demo.clients.waiting import WaitedInVain
from kentongan.demo.consistency.journal import Journal
from kentongan.demo.options import DemoOptions
from kentongan.demo.page import write_page
from kentongan.demo.season import Played, play
from kentongan.demo.setting import Setting
from kentongan.demo.terminal.display import show_season
from kentongan.demo.terminal.progress import TerminalProgress
from kentongan.identity.keycloak import KeycloakRefused

AWAY = (httpx.HTTPError, KeycloakRefused)
"""Somebody who is needed doesn't answer, or refuses."""
WhereToLook = Callable[[Console], Awaitable[None]]
"""Shows, after a failure, what the services said, or where it is to be found."""


async def play_and_show(
    options: DemoOptions,
    setting: Setting,
    journal_path: Path,
    console: Console,
    where_to_look: WhereToLook,
) -> Played | None:
    """The season as played and shown; None where it could not go on, which was said."""
    try:
        with Journal(journal_path) as journal, TerminalProgress(console) as progress:
            played = await play(options, setting, journal, progress)
    except (SeasonDeviated, CommandRefused, WaitedInVain, NeverVisible, *AWAY) as failure:
        console.print(f"\n[red]{type(failure).__name__}: {escape(str(failure))}[/]")
        await where_to_look(console)
        return None
    season = replace(played.season, stages=tuple(progress.stages))
    show_season(console, season)
    write_page(season, options.page)
    console.print(f"\n[bold]{options.page.resolve().as_uri()}[/]", soft_wrap=True)
    return replace(played, season=season)
