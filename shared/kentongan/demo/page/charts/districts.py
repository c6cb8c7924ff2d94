"""A schematic of the city: a tile a district, a square a kelurahan, its students in the square."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kentongan.demo.page.charts.svg import Box, bar, drawing, element, text
from kentongan.demo.summary import Cell, DistrictCoverage, Text

SQUARE, SPACE, HEAD, GAP = 24.0, 3.0, 20.0, 16.0
IN_A_ROW = 5
MOST_TINTED = 3
STANDINGS = {
    "registered": Text("terdaftar", "registered"),
    "suspended": Text("dibekukan", "suspended"),
    "none": Text("belum ada KIM", "no group yet"),
}
POSITIONS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "36.71": {
        **{"36.71.10": (2, 0), "36.71.04": (3, 0)},
        **{"36.71.08": (1, 1), "36.71.01": (2, 1), "36.71.03": (3, 1)},
        **{"36.71.02": (0, 2), "36.71.07": (1, 2), "36.71.05": (3, 2)},
        **{"36.71.09": (1, 3), "36.71.11": (3, 3), "36.71.12": (4, 3)},
        **{"36.71.06": (3, 4), "36.71.13": (4, 4)},
    },
    "18.72": {
        **{"18.72.02": (1, 0), "18.72.03": (0, 1), "18.72.01": (1, 1)},
        **{"18.72.04": (2, 1), "18.72.05": (1, 2)},
    },
    "35.74": {
        **{"35.74.03": (1, 0), "35.74.01": (0, 1), "35.74.04": (1, 1)},
        **{"35.74.05": (0, 2), "35.74.02": (1, 2)},
    },
}
"""Column and row of each district, roughly as they lie; ours, for orientation only."""


def districts_chart(
    city_code: str,
    districts: Sequence[DistrictCoverage],
    cells: Sequence[Cell],
    *,
    columns: int | None = None,
    labelled_by: str,
) -> Markup:
    """All districts, roughly in their places; in plain order with `columns`, or where unknown."""
    known = POSITIONS.get(city_code, {})
    if columns is None and all(district.code in known for district in districts):
        places = {district.code: known[district.code] for district in districts}
    else:
        wide = columns or 5
        places = {one.code: (at % wide, at // wide) for at, one in enumerate(districts)}
    by_district: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_district[cell.district_code].append(cell)
    tile = IN_A_ROW * (SQUARE + SPACE) - SPACE
    tops = _tops(places, by_district)
    parts: list[str] = []
    for district in districts:
        column, row = places[district.code]
        parts += _tile(district, by_district[district.code], column * (tile + GAP), tops[row])
    width = (1 + max(column for column, _ in places.values())) * (tile + GAP) - GAP
    return drawing(width, tops[-1], parts, labelled_by=labelled_by)


def _tops(
    places: Mapping[str, tuple[int, int]], by_district: Mapping[str, list[Cell]]
) -> list[float]:
    """The top of each row of tiles, and the bottom of the last."""
    rows = 1 + max(row for _, row in places.values())
    tops = [0.0]
    for row in range(rows):
        lines = max(
            (
                -(-len(by_district[code]) // IN_A_ROW)
                for code, (_, own_row) in places.items()
                if own_row == row
            ),
            default=1,
        )
        tops.append(tops[-1] + HEAD + lines * (SQUARE + SPACE) + GAP)
    tops[-1] -= GAP
    return tops


def _tile(district: DistrictCoverage, cells: Sequence[Cell], left: float, top: float) -> list[str]:
    parts: list[str] = [text(left, top + 13, district.name, kind="label strong")]
    for number, cell in enumerate(cells):
        x = left + number % IN_A_ROW * (SQUARE + SPACE)
        y = top + HEAD + number // IN_A_ROW * (SQUARE + SPACE)
        parts.append(_square(cell, x, y))
    return parts


def _square(cell: Cell, x: float, y: float) -> Markup:
    standing = STANDINGS[cell.standing]
    tip = Text(
        f"{cell.name}: {standing.id}, {cell.students} mahasiswa",
        f"{standing.en}, {cell.students} students",
    )
    tint = min(MOST_TINTED, cell.students)
    label = str(cell.students) if cell.students else ""
    middle = SQUARE / 2
    return element(
        "g",
        bar(Box(x, y, SQUARE, SQUARE), f"cell {cell.standing} tint-{tint}", tip, radius=4),
        text(x + middle, y + middle + 4, label, kind=f"count on-{tint}", anchor="middle"),
    )
