"""How evenly students are spread: groups by their number of students, plan after plan."""

from collections.abc import Sequence

from markupsafe import Markup

from kentongan.demo.page.charts.svg import SERIES, Box, bar, drawing, line, nice_step, text
from kentongan.demo.summary import PlanFigures, Text

HEIGHT, TOP, BOTTOM, LEFT, GAP = 220.0, 22.0, 40.0, 34.0, 0.28


def balance_chart(plans: Sequence[PlanFigures], *, width: float, labelled_by: str) -> Markup:
    """Columns side by side, a series a plan."""
    found = [students for plan in plans for students, count in plan.spread.items() if count] or [0]
    least, most = max(0, min(found) - 1), max(found)
    highest = max((max(plan.spread.values(), default=0) for plan in plans), default=1)
    base = HEIGHT - BOTTOM
    scale = (base - TOP) / highest
    slot = (width - LEFT) / (most - least + 1)
    parts = _grid(highest, scale, base, width)
    for students in range(least, most + 1):
        start = LEFT + (students - least) * slot
        parts.append(text(start + slot / 2, base + 16, str(students), kind="tick", anchor="middle"))
        thick = slot * (1 - GAP) / len(plans)
        for number, plan in enumerate(plans):
            x = start + slot * GAP / 2 + number * thick
            count = plan.spread.get(students, 0)
            tip = Text(
                f"rencana {number + 1}: {count} KIM dengan {students} mahasiswa",
                f"plan {number + 1}: {count} groups with {students} students",
            )
            if not count:
                continue
            top = base - count * scale
            parts += [
                bar(Box(x + 1, top, thick - 2, count * scale), f"series {SERIES[number]}", tip),
                text(x + thick / 2, top - 5, str(count), kind="value small", anchor="middle"),
            ]
    axis = Text("mahasiswa dalam satu KIM", "students in one group")
    parts.append(text(LEFT + (width - LEFT) / 2, HEIGHT - 6, axis, kind="note", anchor="middle"))
    return drawing(width, HEIGHT, parts, labelled_by=labelled_by)


def _grid(highest: float, scale: float, base: float, width: float) -> list[str]:
    step = max(1.0, nice_step(highest))
    parts: list[str] = []
    value = 0.0
    while value <= highest:
        y = base - value * scale
        parts.append(line(LEFT, y, width, y, "grid"))
        parts.append(text(LEFT - 8, y + 4, f"{value:g}", kind="tick", anchor="end"))
        value += step
    return parts
