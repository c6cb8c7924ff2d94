import inspect
import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench import cases
from tests.bench.__main__ import parse
from tests.bench.cases import CASES
from tests.bench.cases.plan import class_network, make_problem, plain_network
from tests.bench.data import activity_events, kim_events
from tests.bench.measuring import Comparison, Run, Stopwatch, alternate, as_json, percentile
from tests.bench.report import make_table


def run(seconds: float, *, delays: tuple[float, ...] = ()) -> Run:
    return Run(100, seconds, seconds / 2, peak_bytes=10_000_000, delays=delays)


def rendered(*comparisons: Comparison) -> str:
    written = io.StringIO()
    Console(width=200, file=written).print(make_table(comparisons))
    return written.getvalue()


def test_every_case_is_registered_and_says_what_it_compares() -> None:
    files = {file.stem for file in Path(cases.__file__).parent.glob("*.py")} - {"__init__"}
    assert set(CASES) == files
    for case in CASES.values():
        module = inspect.getmodule(case)
        assert module is not None
        assert module.__doc__ is not None


def test_an_unknown_case_is_refused() -> None:
    assert parse(["--only", "plan", "--only", "relay", "--quick"]).only == ["plan", "relay"]
    with pytest.raises(SystemExit):
        parse(["--only", "gong"])


def test_the_ratio_is_the_median_of_the_pairs_and_higher_is_better() -> None:
    kit, bare = (run(1.0), run(2.0), run(4.0)), (run(2.0), run(2.0), run(2.0))
    compared = Comparison("apply", kit, bare, aim=1.1)
    assert compared.ratios == (2.0, 1.0, 0.5)
    assert compared.ratio == 1.0
    assert compared.met is False


def test_delays_are_compared_by_their_median() -> None:
    kit, bare = run(9.0, delays=(0.01, 0.02, 0.9)), run(1.0, delays=(0.01,))
    assert Comparison("delay", (kit,), (bare,)).ratio == pytest.approx(0.5)
    assert percentile(kit.delays, 99) == 0.9


def test_the_table_shows_rate_ratio_spread_cpu_and_memory() -> None:
    text = rendered(
        Comparison("apply", (run(0.1), run(0.2)), (run(0.1), run(0.1)), 0.9, note="of all"),
        Comparison("delay", (run(1.0, delays=(0.005,)),), (run(1.0, delays=(0.004,)),)),
        Comparison("plan", (run(2.5),), (run(2.0),), whole=True),
    )
    for shown in ("apply of all", "0.75 (0.5 to 1)", "1,000 events/s", "10 / 10", "2.500 s"):
        assert shown in text
    assert "5.0 / 5.0 / 5.0 ms" in text


def test_figures_go_to_a_file_as_well() -> None:
    figures = as_json(Comparison("delay", (run(1.0, delays=(0.005,)),), (run(1.0),)))
    assert figures["kit"][0]["delay_ms"]["p50"] == 5.0


async def test_contenders_run_in_turn() -> None:
    order: list[str] = []

    async def kit() -> Run:
        order.append("kit")
        return run(1.0)

    async def bare() -> Run:
        order.append("bare")
        return run(1.0)

    assert [len(runs) for runs in await alternate(2, kit, bare)] == [2, 2]
    assert order == ["kit", "bare", "kit", "bare"]


def test_a_stopwatch_keeps_its_first_stop() -> None:
    watch = Stopwatch()
    watch.start()
    watch.stop()
    first = watch.run(1)
    watch.stop()
    assert watch.run(1) == first


def test_the_same_events_every_time_with_rising_versions() -> None:
    events = list(kim_events(300, 20))
    assert events == list(kim_events(300, 20))
    versions: dict[str, int] = {}
    for event in events:
        assert event.sequence == versions.get(event.key, 0) + 1
        versions[event.key] = event.sequence
    facts = list(activity_events(50))
    assert len({fact.key for fact in facts}) == len({fact.event_id for fact in facts}) == 50


def test_classes_leave_fewer_arcs_than_a_node_for_each_group() -> None:
    problem = make_problem(60, 40, 3)
    classes, plain = class_network(problem), plain_network(problem)
    assert len(classes.arcs.tails) < len(plain.arcs.tails)
    for network in (classes, plain):
        assert sum(network.supplies.values()) == 0
