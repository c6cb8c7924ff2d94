"""Each line of a file against the rules that need nothing but the line and the universities."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.placement.domain.enrolments import Student
from services.placement.domain.errors import StudentNumberInvalid, StudentNumberRounded
from services.placement.domain.imports import RejectedLine
from services.placement.domain.student_numbers import student_number
from services.placement.domain.universities import spelling
from services.placement.importing.reading import COLUMNS, Row

LONGEST_TEXT = 200
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class KnownUniversity:
    """A university as a line may name it."""

    university_id: str
    name: str
    known_as: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line that broke no rule so far."""

    row: Row
    student: Student


class LineChecker:
    """Checks lines one after the other, and remembers them: a repeated student is a mistake."""

    def __init__(self, universities: Sequence[KnownUniversity], only: str | None) -> None:
        """`only` is the importer's own university, where they import for no other."""
        self._by_spelling = {
            known_as: university for university in universities for known_as in university.known_as
        }
        self._only = only
        self._seen: dict[tuple[str, str], int] = {}

    def check(self, row: Row) -> CheckedLine | RejectedLine:
        """A line with its student, or with the first rule that it breaks."""
        values = row.values
        broken = _broken_text(row)
        if broken is not None:
            return broken
        university = self._by_spelling.get(spelling(values["universitas"]))
        if university is None:
            return rejected(row, "university-unknown", "universitas")
        if self._only is not None and university.university_id != self._only:
            return rejected(row, "university-not-yours", "universitas")
        try:
            number = student_number(values["nomor_mahasiswa"])
        except (StudentNumberInvalid, StudentNumberRounded) as error:
            return rejected(row, error.rule, "nomor_mahasiswa")
        first = self._seen.setdefault((university.university_id, number), row.line)
        if first != row.line:
            return rejected(row, "duplicate-line", "nomor_mahasiswa", first=str(first))
        student = Student(
            university_id=university.university_id,
            university_name=university.name,
            student_number=number,
            name=values["nama"],
            study_programme=values["program_studi"],
        )
        return CheckedLine(row, student)


def _broken_text(row: Row) -> RejectedLine | None:
    """The first rule that the texts of a line break by themselves."""
    if row.surplus:
        return rejected(row, "too-many-columns")
    for column in COLUMNS:
        text = row.values[column]
        if not text:
            return rejected(row, "field-missing", column)
        if len(text) > LONGEST_TEXT:
            return rejected(row, "field-too-long", column, limit=str(LONGEST_TEXT))
        if CONTROL.search(text):
            return rejected(row, "field-unreadable", column)
    return None


def rejected(row: Row, rule: str, field: str | None = None, **facts: str) -> RejectedLine:
    """A line with the rule that it breaks."""
    columns = tuple(row.values[column] for column in COLUMNS)
    return RejectedLine(line=row.line, rule=rule, field=field, facts=facts, columns=columns)
