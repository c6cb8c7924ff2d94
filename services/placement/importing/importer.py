"""An enrolment file from its bytes to its report."""

from collections import Counter
from datetime import timedelta
from typing import Any

from kentongan.domain import CommandContext
from kentongan.storage.aggregates.store import Outcome, Stored, derived_id
from services.placement.domain.cohorts import Cohort
from services.placement.domain.errors import (
    QuotaExceeded,
    StudentWithdrawn,
    UniversityWithoutQuota,
)
from services.placement.domain.imports import ImportReport, RejectedLine, report_import
from services.placement.enrolling.seating import Enrolled, Enrolling
from services.placement.importing.checking import (
    CheckedLine,
    KnownUniversity,
    LineChecker,
    rejected,
)
from services.placement.importing.line_rules import worded
from services.placement.importing.reading import read_rows
from services.placement.stores import Stores

LINES_TOLD = 200
"""Rejected lines that the answer lists; the error file has all."""

COLUMN_AT_FAULT = {
    UniversityWithoutQuota.rule: "universitas",
    QuotaExceeded.rule: "universitas",
    StudentWithdrawn.rule: "nomor_mahasiswa",
}
"""Where a line that was in order by itself met what the cohort holds."""


class Importer:
    """Imports enrolment files. Good lines are kept, whatever the others are like."""

    def __init__(
        self, stores: Stores, enrolling: Enrolling, *, lines_limit: int, kept: timedelta
    ) -> None:
        self._stores = stores
        self._enrolling = enrolling
        self._lines_limit = lines_limit
        self._kept = kept

    async def import_file(
        self, cohort: Stored[Cohort], content: bytes, only: str | None, command: CommandContext
    ) -> Outcome:
        """Enrol what the file lists; `only` is the importer's own university, if they have one.

        Raises FileUnreadable, HeaderUnknown, FileTooLong, CohortClosed.
        """
        import_id = derived_id(command.idempotency)
        if earlier := await self._stores.imports.answered(import_id, command):
            return earlier
        rows = read_rows(content, limit=self._lines_limit)
        checker = LineChecker(await self._universities(), only)
        lines = [checker.check(row) for row in rows]
        good = [line for line in lines if isinstance(line, CheckedLine)]
        enrolled = await self._enrolling.enrol_many(
            cohort, [line.student for line in good], command
        )
        bad = [line for line in lines if isinstance(line, RejectedLine)]
        bad += _refused(good, enrolled)
        report = ImportReport(
            cohort_id=cohort.id,
            region_code=cohort.state.region_code,
            university_id=only,
            accepted=len(enrolled.accepted),
            repeated=len(enrolled.repeated),
            rejected=tuple(sorted(bad, key=lambda line: line.line)),
            expires_at=command.now + self._kept,
        )
        return await self._stores.imports.create(
            import_id, report_import(report), command, import_receipt, status=200
        )

    async def _universities(self) -> list[KnownUniversity]:
        return [
            KnownUniversity(stored.id, stored.state.name, stored.state.known_as)
            for stored in await self._stores.universities.find({}, limit=0)
        ]


def import_receipt(stored: Stored[ImportReport]) -> dict[str, Any]:
    """The figures, by rule too, and the first bad lines without their contents."""
    report = stored.state
    return {
        "import_id": stored.id,
        "accepted": report.accepted,
        "repeated": report.repeated,
        "rejected_count": len(report.rejected),
        "rejected_by_rule": dict(Counter(line.rule for line in report.rejected)),
        "rejected": [worded(line) for line in report.rejected[:LINES_TOLD]],
        "errors_file": f"/v1/imports/{stored.id}/errors.csv",
    }


def _refused(good: list[CheckedLine], enrolled: Enrolled) -> list[RejectedLine]:
    """Lines that were in order by themselves, and could not be enrolled as the cohort stands."""
    lines: list[RejectedLine] = []
    for position, error in enrolled.refused.items():
        facts = {name: str(value) for name, value in error.facts.items()}
        column = COLUMN_AT_FAULT.get(error.rule)
        lines.append(rejected(good[position].row, error.rule, column, **facts))
    return lines
