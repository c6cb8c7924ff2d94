"""How broadcast words its refusals: one row for each error of `domain/errors.py`."""

from kentongan.http import ProblemTable
from services.broadcast.api.content_problems import CONTENT_PROBLEMS
from services.broadcast.api.delivery_problems import DELIVERY_PROBLEMS

PROBLEMS: ProblemTable = {**CONTENT_PROBLEMS, **DELIVERY_PROBLEMS}
"""All rows; `app.py` hands them to the kit."""
