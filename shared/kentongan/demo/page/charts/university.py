"""Placement by university: of each quota, who is placed, who waits, who has left."""

from collections.abc import Sequence

from markupsafe import Markup

from kentongan.demo.page.charts.svg import Box, bar, drawing, line, nice_step, text
from kentongan.demo.summary import Text, UniversityPlacement

ROW, BAR, TOP, BOTTOM = 44.0, 14.0, 8.0, 24.0


def university_chart(
    universities: Sequence[UniversityPlacement], *, width: float, labelled_by: str
) -> Markup:
    """A row a university; its name stands above the bar, as names are long."""
    right = 62.0
    highest = max((one.quota for one in universities), default=1)
    scale = (width - right) / highest
    bottom = TOP + ROW * len(universities)
    step = nice_step(highest)
    parts: list[str] = []
    count = 0.0
    while count <= highest:
        parts.append(line(count * scale, TOP, count * scale, bottom, "grid"))
        anchor = "start" if count == 0 else "middle"
        parts.append(text(count * scale, bottom + 16, f"{count:g}", kind="tick", anchor=anchor))
        count += max(1.0, step)
    for row, university in enumerate(universities):
        parts += _row(university, TOP + row * ROW, scale)
    return drawing(width, bottom + BOTTOM, parts, labelled_by=labelled_by)


def _row(university: UniversityPlacement, top: float, scale: float) -> list[str]:
    y = top + 22
    placed = university.assigned * scale
    waiting = university.waiting * scale
    tip = Text(
        f"{university.name}: {university.assigned} ditempatkan, {university.waiting} menunggu, "
        f"{university.withdrawn} mundur, kuota {university.quota}",
        f"{university.assigned} placed, {university.waiting} waiting, "
        f"{university.withdrawn} withdrawn, quota {university.quota}",
    )
    return [
        text(0, top + 16, university.name, kind="label"),
        bar(Box(0, y, university.quota * scale, BAR), "empty", tip),
        bar(Box(0, y, placed, BAR), "registered", tip),
        bar(Box(placed, y, waiting, BAR), "waiting", tip),
        bar(Box(placed + waiting, y, university.withdrawn * scale, BAR), "withdrawn", tip),
        text(
            university.quota * scale + 8,
            y + BAR - 3,
            f"{university.assigned}/{university.quota}",
            kind="value",
        ),
    ]
