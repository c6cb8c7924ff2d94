"""Coverage by district, as bars of a hundred per cent, with the target across them."""

from collections.abc import Sequence

from markupsafe import Markup

from kentongan.demo.page.charts.svg import Box, bar, drawing, line, text
from kentongan.demo.summary import DistrictCoverage, Text

ROW, BAR, TOP, BOTTOM = 26.0, 14.0, 24.0, 24.0


def coverage_chart(
    districts: Sequence[DistrictCoverage], *, width: float, labelled_by: str
) -> Markup:
    """A row a district: registered, suspended, and what is missing to all its kelurahan."""
    left, right = 104.0, 58.0
    scale = (width - left - right) / 100
    bottom = TOP + ROW * len(districts)
    parts: list[str] = []
    for percent in (0, 25, 50, 75, 100):
        x = left + percent * scale
        parts += [line(x, TOP, x, bottom, "grid")]
        parts += [text(x, bottom + 16, f"{percent}%", kind="tick", anchor="middle")]
    for row, district in enumerate(districts):
        parts += _row(district, TOP + row * ROW, left, scale)
    parts += _target(districts, left, scale, bottom)
    return drawing(width, bottom + BOTTOM, parts, labelled_by=labelled_by)


def _row(district: DistrictCoverage, top: float, left: float, scale: float) -> list[str]:
    y = top + (ROW - BAR) / 2
    suspended = 100 * district.suspended / district.kelurahan if district.kelurahan else 0
    tip = Text(
        f"{district.name}: {district.registered} dari {district.kelurahan} kelurahan",
        f"{district.registered} of {district.kelurahan} kelurahan",
    )
    # The hatched part begins where the solid one ends, less its rounding.
    done = district.percent * scale
    return [
        text(left - 10, y + BAR - 3, district.name, kind="label", anchor="end"),
        bar(Box(left, y, 100 * scale, BAR), "empty", tip),
        bar(
            Box(left, y, done + suspended * scale, BAR), "suspended" if suspended else "registered"
        ),
        bar(Box(left, y, done, BAR), "registered", tip),
        text(
            left + 100 * scale + 10,
            y + BAR - 3,
            f"{district.registered}/{district.kelurahan}",
            kind="value" if district.reached else "value short",
        ),
    ]


def _target(
    districts: Sequence[DistrictCoverage], left: float, scale: float, bottom: float
) -> list[str]:
    targets = {district.target_percent for district in districts}
    if len(targets) != 1:
        return [
            line(
                *(left + district.target_percent * scale, TOP + row * ROW + 3),
                *(left + district.target_percent * scale, TOP + (row + 1) * ROW - 3),
                "target",
            )
            for row, district in enumerate(districts)
        ]
    target = targets.pop()
    x = left + target * scale
    words = Text(f"sasaran {target:g}%", f"target {target:g}%")
    anchor = "end" if target > 80 else "middle"
    return [
        line(x, TOP - 6, x, bottom + 2, "target"),
        text(x + (4 if anchor == "end" else 0), TOP - 11, words, kind="note", anchor=anchor),
    ]
