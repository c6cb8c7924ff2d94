"""The solver's process: a problem as JSON on standard input, its result on standard output."""

import os
import sys

from services.placement.planning.problem import PROBLEM, RESULT
from services.placement.planning.solver import make_plan

POLITENESS = 5
"""Added to the process's niceness: commands are answered before plans are solved."""


def main() -> None:
    """Solve one problem. A parent that is gone is noticed when the result is written."""
    os.nice(POLITENESS)
    problem = PROBLEM.validate_json(sys.stdin.buffer.read())
    sys.stdout.buffer.write(RESULT.dump_json(make_plan(problem)))


if __name__ == "__main__":
    main()
