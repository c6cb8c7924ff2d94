"""The `kentongan` command: one tidy tool for whoever tries, runs or repairs the system."""

import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command as as_command

COMMANDS: Final = {
    "up": "local:up",
    "demo": "local:demo",
    "serve": "serve:serve",
    "topics": "topics:application",
    "rights": "rights:rights",
    "storage": "storage:application",
    "events": "events:application",
    "dead-letters": "dead_letters:application",
    "consumer": "consumer:application",
    "rebuild": "rebuild:rebuild",
    "republish": "republish:republish",
    "token": "token:token",
    "identity": "identity:application",
    "doctor": "doctor:doctor",
}
"""Module and attribute of each command; a command pays for the import of itself only."""


class _Commands(TyperGroup):
    # Typer keeps its own copy of click in private, so its types can't be named here.
    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name in COMMANDS if self.get_command(ctx, name) is not None]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        try:
            found = getattr(import_module(f"{__name__}.{module}"), attribute)
        except ModuleNotFoundError as missing:
            if not _left_out(missing):
                raise
            return None
        if not isinstance(found, typer.Typer):
            single = typer.Typer(add_completion=False)
            single.command(cmd_name)(found)
            found = single
        command = as_command(found)
        command.name = cmd_name
        return command


def _left_out(missing: ModuleNotFoundError) -> bool:
    """Whether a room of our own lacks: a service's image has neither demo nor embedded stack."""
    return (missing.name or "").startswith(("kentongan.demo", "kentongan.local"))


application = typer.Typer(
    cls=_Commands,
    name="kentongan",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@application.callback()
def _kentongan() -> None:
    """Kentongan: the event backbone of a city's KIM programme."""


def main() -> None:
    """The entry point of the command. Wrong settings end any command with 2, each by its name."""
    try:
        application()
    except ValueError as error:
        say_refusal = import_module(f"{__name__}.settings").say_refusal
        if not say_refusal(error):
            raise
        sys.exit(2)
