"""`python -m tests.bench`: starts a stack of its own, runs the cases, prints one table."""

import argparse
import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from kentongan.process.composition import collect_seldom
from kentongan.testing.environment import embedded_stack
from tests.bench.cases import CASES
from tests.bench.measuring import Comparison, as_json
from tests.bench.report import make_table
from tests.bench.workbench import Workbench

console = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen cases; the exit code is 0 whatever the figures say."""
    options = parse(arguments)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    # As every service process does; the bare loops have the good of it as well.
    collect_seldom()
    comparisons = asyncio.run(measure(options))
    Console(width=None if sys.stdout.isatty() else 160).print(make_table(comparisons))
    if options.json:
        text = json.dumps([as_json(comparison) for comparison in comparisons], indent=2)
        options.json.write_text(text)
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options of a run."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(CASES), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="a tenth of the amounts, one pair")
    parser.add_argument("--pairs", type=int, help="runs of each side; 3, or 1 when quick")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here as well")
    return parser.parse_args(arguments)


async def measure(options: argparse.Namespace) -> list[Comparison]:
    """Run the cases one after the other on one stack."""
    comparisons: list[Comparison] = []
    async with embedded_stack() as stack:
        workbench = Workbench(
            stack.kafka_bootstrap, stack.mongo_uri, quick=options.quick, pairs=options.pairs
        )
        for name in options.only or CASES:
            began = time.monotonic()
            comparisons.extend(await CASES[name](workbench))
            load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
            console.print(f"{name}: {time.monotonic() - began:.0f} s, {load}")
    return comparisons


if __name__ == "__main__":
    sys.exit(main())
