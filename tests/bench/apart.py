"""A measured run in a process of its own, so that the peak of its memory is its own too."""

import asyncio
import dataclasses
import json
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module

from kentongan.process.composition import collect_seldom
from tests.bench.measuring import Run, peak_memory

Measured = Callable[..., Awaitable[Run]]
"""A function of a module, not of `__main__`, whose arguments are all text."""


async def run_apart(measured: Measured, *arguments: str) -> Run:
    """Run a function in a new process; what it measured, with the process's peak of memory.

    Peak memory is the process's highest resident size, imports included.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.apart",
        measured.__module__,
        measured.__qualname__,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{measured.__qualname__} ended with {process.returncode}")
    return Run(**json.loads(output.splitlines()[-1]))


async def main(module: str, name: str, *arguments: str) -> None:
    """In the new process: measure, and print the run as the last line."""
    # As every service process does.
    collect_seldom()
    run = await getattr(import_module(module), name)(*arguments)
    measured = dataclasses.replace(run, peak_bytes=peak_memory())
    sys.stdout.write("\n" + json.dumps(dataclasses.asdict(measured)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
