"""The files that people download: the template, and the bad lines with what is wrong with them."""

import csv
import io
from collections.abc import Iterable, Sequence

from services.placement.domain.imports import RejectedLine
from services.placement.importing.line_rules import worded
from services.placement.importing.reading import COLUMNS

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for Windows text."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection")."""

EXAMPLE_LINE = ("2210114001", "Nama Lengkap", "Universitas Budi Luhur", "Ilmu Komunikasi")


def template() -> bytes:
    """The header and one example, ready for Indonesian Excel."""
    return _csv([COLUMNS, EXAMPLE_LINE])


def error_file(lines: Iterable[RejectedLine]) -> bytes:
    """The rejected lines as they came, with line, rule and explanation; fit to be corrected."""
    header = (*COLUMNS, "baris", "aturan", "keterangan")
    rows: list[Sequence[str]] = [header]
    for line in lines:
        told = worded(line)
        rows.append((*line.columns, str(line.line), line.rule, str(told["detail"])))
    return _csv(rows)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe before what would begin a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    text.write(BOM)
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(
        [harmless(cell) for cell in row] for row in rows
    )
    return text.getvalue().encode()
