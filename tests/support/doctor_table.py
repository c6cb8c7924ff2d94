"""The table of `kentongan doctor --production`, read as a person reads it: cell by cell."""

from dataclasses import dataclass

from kentongan.testing.running_services import Ended


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was looked at."""

    state: str
    name: str
    detail: str
    remedy: str


def rows(ended: Ended) -> list[Row]:
    """All rows; a cell that goes over several lines is one text."""
    found: list[list[str]] = []
    for line in ended.output.splitlines():
        cells = [cell.strip() for cell in line.split("│")]
        if len(cells) != 4:
            continue
        if cells[0]:
            found.append(cells)
        else:
            found[-1] = [
                f"{had} {more}".strip() for had, more in zip(found[-1], cells, strict=True)
            ]
    assert found, ended.output
    return [Row(state.split()[-1], name, detail, remedy) for state, name, detail, remedy in found]


def row(ended: Ended, name: str) -> Row:
    """The one row of this name."""
    (found,) = [each for each in rows(ended) if each.name == name]
    return found
