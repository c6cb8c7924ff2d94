"""Measuring: one run, runs in alternation, and what they come to.

The machine is never quiet, so only runs that follow each other are compared: A B A B, a ratio for
each pair, and the median of the ratios with their spread.
"""

import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prometheus_client import Counter


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run. CPU is that of the process, or processes, that did the work."""

    items: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int | None = None
    delays: tuple[float, ...] = ()
    """In seconds, where the run measured delays; speed is then the delay and not the rate."""

    @property
    def rate(self) -> float:
        """Items a second."""
        return self.items / self.seconds

    @property
    def speed(self) -> float:
        """What is compared, higher is better: the rate, or one over the median delay."""
        return 1 / percentile(self.delays, 50) if self.delays else self.rate


class Stopwatch:
    """Wall clock and CPU of this process, threads included."""

    def __init__(self) -> None:
        self._began = self._ended = (0.0, 0.0)

    def start(self) -> None:
        """Begin."""
        self._began = self._now()

    def stop(self) -> None:
        """End; the first call after a start counts."""
        if self._ended <= self._began:
            self._ended = self._now()

    def run(self, items: int) -> Run:
        """What was measured."""
        wall, cpu = (end - begin for begin, end in zip(self._began, self._ended, strict=True))
        return Run(items, wall, cpu)

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), time.process_time()


@dataclass(frozen=True, slots=True)
class Comparison:
    """One row of the table: the kit's runs and those of the bare loop, pair by pair."""

    label: str
    kit: tuple[Run, ...]
    bare: tuple[Run, ...]
    aim: float | None = None
    """The ratio that the project aims at; None where the row only informs."""
    items: str = "events"
    note: str = ""
    whole: bool = False
    """A run is one thing: show its seconds, not a rate."""
    ratios: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        pairs = zip(self.kit, self.bare, strict=True)
        object.__setattr__(self, "ratios", tuple(kit.speed / bare.speed for kit, bare in pairs))

    @property
    def ratio(self) -> float:
        """Kit over bare, the median of the pairs; higher is better."""
        return statistics.median(self.ratios)

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None without one."""
        return None if self.aim is None else self.ratio >= self.aim


Contender = Callable[[], Awaitable[Run]]


async def alternate(pairs: int, *contenders: Contender) -> list[tuple[Run, ...]]:
    """Run all contenders in turn, `pairs` times; their runs, in the order of the contenders."""
    runs: list[list[Run]] = [[] for _ in contenders]
    for _ in range(pairs):
        for number, contender in enumerate(contenders):
            gc.collect()
            runs[number].append(await contender())
    return [tuple(one) for one in runs]


def median_of(runs: Sequence[Run], figure: Callable[[Run], float]) -> float:
    """The median of a figure over runs."""
    return statistics.median(figure(run) for run in runs)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the values don't exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def peak_memory() -> int:
    """The most memory that this process ever had resident, in bytes; since its own exec."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmHWM in /proc/self/status")


def count_of(counter: Counter) -> float:
    """What a metric of this process has counted so far."""
    (metric,) = counter.collect()
    return sum(sample.value for sample in metric.samples if sample.name.endswith("_total"))


def as_json(comparison: Comparison) -> dict[str, Any]:
    """All that was measured, for `--json`."""
    return {
        "label": comparison.label,
        "items": comparison.items,
        "aim": comparison.aim,
        "ratio": comparison.ratio,
        "ratios": comparison.ratios,
        "note": comparison.note,
        "kit": [_run_as_json(run) for run in comparison.kit],
        "bare": [_run_as_json(run) for run in comparison.bare],
    }


def _run_as_json(run: Run) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "items": run.items,
        "seconds": run.seconds,
        "rate": run.rate,
        "cpu_us_per_item": run.cpu_seconds / run.items * 1e6,
    }
    if run.peak_bytes is not None:
        figures["peak_bytes"] = run.peak_bytes
    if run.delays:
        figures["delay_ms"] = {
            f"p{percent}": percentile(run.delays, percent) * 1000 for percent in (50, 95, 99)
        }
    return figures
