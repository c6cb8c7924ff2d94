"""What became of a file: how many lines were taken, and each that was not, with its rule."""

from datetime import datetime

from pydantic import Field

from kentongan.domain import Decision
from kentongan.domain.state import State


class RejectedLine(State):
    """A line that broke a rule. `columns` is as it was written: personal data, kept for days."""

    line: int
    rule: str
    field: str | None = None
    facts: dict[str, str] = Field(default_factory=dict)
    columns: tuple[str, ...] = ()


class ImportReport(State):
    """One import. `university_id` is the importer's own, where they import for one only."""

    cohort_id: str
    region_code: str
    university_id: str | None
    accepted: int
    repeated: int
    rejected: tuple[RejectedLine, ...]
    expires_at: datetime


def report_import(report: ImportReport) -> Decision[ImportReport]:
    """Keep the report."""
    return Decision(report, rule="enrolment.import")
