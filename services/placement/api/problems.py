"""How placement words its refusals: one row for each error of `domain/errors.py`."""

from kentongan.http import ProblemTable
from services.placement.api.enrolling_problems import ENROLLING_PROBLEMS
from services.placement.api.placing_problems import PLACING_PROBLEMS

PROBLEMS: ProblemTable = {**ENROLLING_PROBLEMS, **PLACING_PROBLEMS}
"""All rows; `app.py` hands them to the kit."""
