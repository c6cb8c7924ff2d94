"""Runs the solver in a process of its own: CPU on the event loop would evict the consumer."""

import asyncio
import os
import sys

from services.placement.planning.problem import (
    PROBLEM,
    RESULT,
    PlanImpossible,
    PlanningProblem,
    PlanningResult,
)

WORKER = "services.placement.planning.worker"


async def run_planner(problem: PlanningProblem, *, time_limit: float) -> PlanningResult:
    """Solve in a child process, which ends with its parent's pipe, at a cancellation or the limit.

    `time_limit` is in seconds. Raises PlanImpossible: time-limit, solver-crashed.
    """
    payload = await asyncio.to_thread(PROBLEM.dump_json, problem)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        WORKER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(payload), time_limit)
    except TimeoutError:
        raise PlanImpossible("time-limit") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise PlanImpossible("solver-crashed")
    return await asyncio.to_thread(RESULT.validate_json, output)
