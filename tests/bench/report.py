"""The table that `make bench` prints."""

from collections.abc import Sequence

from rich.table import Table

from tests.bench.measuring import Comparison, Run, median_of, percentile

LEGEND = (
    "Ratio: kit / bare in the same run, median of the pairs (lowest to highest); higher is better. "
    "Delays are p50 / p95 / p99. CPU: of the process that does the work, without mongod and Kafka."
)


def make_table(comparisons: Sequence[Comparison]) -> Table:
    """One row a comparison, medians of its runs."""
    table = Table(title="kentongan bench", caption=LEGEND, caption_justify="left")
    table.add_column("case")
    for heading in ("kit", "bare", "ratio (spread)", "aim", "CPU µs kit", "CPU µs bare", "peak MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for comparison in comparisons:
        table.add_row(
            f"{comparison.label} [dim]{comparison.note}[/dim]",
            _speed(comparison.kit, comparison),
            _speed(comparison.bare, comparison),
            _ratio(comparison),
            "-" if comparison.aim is None else f"{comparison.aim:.2g}",
            _cpu(comparison.kit),
            _cpu(comparison.bare),
            f"{_peak(comparison.kit)} / {_peak(comparison.bare)}",
        )
    return table


def _speed(runs: Sequence[Run], comparison: Comparison) -> str:
    if runs[0].delays:
        figures = (
            f"{median_of(runs, lambda run, at=percent: percentile(run.delays, at) * 1000):.1f}"  # type: ignore[misc]
            for percent in (50, 95, 99)
        )
        return " / ".join(figures) + " ms"
    if comparison.whole:
        return f"{median_of(runs, lambda run: run.seconds):.3f} s"
    return f"{median_of(runs, lambda run: run.rate):,.0f} {comparison.items}/s"


def _ratio(comparison: Comparison) -> str:
    colour = {True: "green", False: "red", None: "default"}[comparison.met]
    low, high = min(comparison.ratios), max(comparison.ratios)
    figures = (f"{figure:.3g}" for figure in (comparison.ratio, low, high))
    return "[{0}]{1}[/{0}] ({2} to {3})".format(colour, *figures)


def _cpu(runs: Sequence[Run]) -> str:
    return f"{median_of(runs, lambda run: run.cpu_seconds / run.items * 1e6):,.0f}"


def _peak(runs: Sequence[Run]) -> str:
    peaks = [run.peak_bytes for run in runs if run.peak_bytes is not None]
    return f"{max(peaks) / 1e6:,.0f}" if peaks else "-"
