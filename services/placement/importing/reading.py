"""A campus's list as Indonesian Excel writes it: `;`, a BOM or Windows text; commas, tabs too."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.placement.domain.errors import FileTooLong, FileUnreadable, HeaderUnknown

COLUMNS = ("nomor_mahasiswa", "nama", "universitas", "program_studi")
"""What a line says of a student; the template's header."""

SPELLINGS = {
    "nim": "nomor_mahasiswa",
    "npm": "nomor_mahasiswa",
    "nomor_induk_mahasiswa": "nomor_mahasiswa",
    "no_mahasiswa": "nomor_mahasiswa",
    "nama_mahasiswa": "nama",
    "nama_lengkap": "nama",
    "kampus": "universitas",
    "perguruan_tinggi": "universitas",
    "prodi": "program_studi",
    "jurusan": "program_studi",
}
DELIMITERS = (";", ",", "\t")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Row:
    """A line with the text of each known column. `surplus`: it has more cells than the header."""

    line: int
    values: dict[str, str]
    surplus: bool


def read_rows(content: bytes, *, limit: int) -> list[Row]:
    """The lines of a file, blank ones left out, numbered as a spreadsheet shows them.

    Other columns are ignored, so that a corrected error file can be sent as it is. Raises
    FileUnreadable, HeaderUnknown, FileTooLong.
    """
    lines = _lines(_text(content))
    delimiter = _delimiter(lines[0][1] if lines else "")
    rows = _split(lines, delimiter)
    header = next(rows, (0, []))[1]
    columns = [_column(cell) for cell in header]
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        raise HeaderUnknown(missing=", ".join(missing))
    found: list[Row] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(found) == limit:
            raise FileTooLong(limit=limit)
        padded = [*cells, *[""] * (len(columns) - len(cells))]
        values = {
            column: cell.strip()
            for column, cell in zip(columns, padded, strict=False)
            if column in COLUMNS
        }
        surplus = any(cell.strip() for cell in cells[len(columns) :])
        found.append(Row(line, values, surplus))
    return found


def _text(content: bytes) -> str:
    """UTF-8 with or without BOM, UTF-16 with one ("Unicode text"), else Windows' own."""
    encodings = ("utf-16",) if content.startswith(UTF16_MARKS) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise FileUnreadable


def _lines(text: str) -> list[tuple[int, str]]:
    """Numbered lines, without the `sep=;` that Excel may put first."""
    lines = list(enumerate(io.StringIO(text, newline=""), start=1))
    if lines and lines[0][1].casefold().startswith("sep="):
        return lines[1:]
    return lines


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _split(lines: list[tuple[int, str]], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Cells by line; a quoted cell may run over several, and counts as the first of them."""
    offset = lines[0][0] if lines else 1
    reader = csv.reader((line for _, line in lines), delimiter=delimiter)
    begins = offset
    try:
        for cells in reader:
            yield begins, cells
            begins = offset + reader.line_num
    except csv.Error as error:
        raise FileUnreadable from error


def _column(cell: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", cell.casefold()).strip("_")
    return SPELLINGS.get(name, name)
