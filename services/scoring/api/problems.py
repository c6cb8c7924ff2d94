"""How scoring words its refusals: one row for each error of `domain/errors.py` and
`domain/voting_errors.py`.
"""

from kentongan.http import ProblemTable
from services.scoring.api.competition_problems import COMPETITION_PROBLEMS
from services.scoring.api.entry_problems import ENTRY_PROBLEMS
from services.scoring.api.voting_problems import VOTING_PROBLEMS

PROBLEMS: ProblemTable = {**COMPETITION_PROBLEMS, **ENTRY_PROBLEMS, **VOTING_PROBLEMS}
"""All rows; `app.py` hands them to the kit."""
