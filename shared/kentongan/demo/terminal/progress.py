"""How far the season has come: a bar a step, or a line a step where there is no terminal."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from kentongan.demo.summary import Text

BAR_WIDTH = 24
PLAIN_WIDTH = 110


def new_console() -> Console:
    """A console; where the output is no terminal, wide enough for the tables."""
    console = Console()
    return console if console.is_terminal else Console(width=PLAIN_WIDTH)


def both(text: Text) -> str:
    """Indonesian first, English beside."""
    return f"{escape(text.id)} [dim]/ {escape(text.en)}[/]"


def stacked(text: Text) -> str:
    """The same in two lines."""
    return f"{escape(text.id)}\n[dim]{escape(text.en)}[/]"


class TerminalProgress:
    """A bar for each step; a line for each where the output is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=BAR_WIDTH),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._text: Text | None = None
        self._done = 0
        self._total = 0
        self._began = 0.0
        self.stages: list[tuple[Text, float]] = []

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._end_step()
        self._bars.stop()

    def begin(self, text: Text, total: int) -> None:
        """A step begins; the one before has ended."""
        self._end_step()
        self._text, self._done, self._total = text, 0, total
        self._began = time.monotonic()
        self._task = self._bars.add_task(both(text), total=total)

    def advance(self) -> None:
        """One part is done."""
        self._done += 1
        if self._task is not None:
            self._bars.advance(self._task)

    def _end_step(self) -> None:
        if self._text is None:
            return
        seconds = time.monotonic() - self._began
        self.stages.append((self._text, seconds))
        if not self._console.is_terminal:
            counted = f"{self._done}/{self._total}"
            self._console.print(f"  {counted:>9}  {seconds:5.1f} s  {both(self._text)}")
        self._text = None
