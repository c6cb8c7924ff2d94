"""The delay's distribution, with its percentiles."""

import math

from markupsafe import Markup

from kentongan.demo.clients.delays import Delays
from kentongan.demo.page.charts.svg import Box, bar, drawing, line, nice_step, text
from kentongan.demo.summary import Text

HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 220.0, 46.0, 40.0, 8.0, 14.0
BINS = 30
PERCENTILES = (50, 95, 99)


def delay_chart(delays: Delays, *, width: float, labelled_by: str) -> Markup:
    """A histogram in milliseconds; what lies beyond the axis is gathered in the last column."""
    if not delays.milliseconds:
        return drawing(width, HEIGHT, [], labelled_by=labelled_by)
    step = nice_step(delays.percentile(99) * 1.08, 5)
    highest = step * math.ceil(delays.percentile(99) * 1.08 / step)
    counts = [0] * BINS
    for value in delays.milliseconds:
        counts[min(BINS - 1, int(value / highest * BINS))] += 1
    base = HEIGHT - BOTTOM
    across = (width - LEFT - RIGHT) / highest
    up = (base - TOP) / max(counts)
    parts: list[str] = [line(LEFT, base, width - RIGHT, base, "axis")]
    for number, count in enumerate(counts):
        thick = highest / BINS * across
        tip = Text(f"{count} contoh", f"{count} samples")
        box = Box(LEFT + number * thick + 0.5, base - count * up, thick - 1, count * up)
        parts.append(bar(box, "series first", tip, radius=1))
    value = 0.0
    while value <= highest + step / 2:
        x = LEFT + value * across
        parts.append(text(x, base + 16, f"{value:g}", kind="tick", anchor="middle"))
        value += step
    parts += _percentiles(delays, across, base, width)
    axis = Text("milidetik", "milliseconds")
    parts.append(text(LEFT + (width - LEFT) / 2, HEIGHT - 6, axis, kind="note", anchor="middle"))
    return drawing(width, HEIGHT, parts, labelled_by=labelled_by)


def _percentiles(delays: Delays, across: float, base: float, width: float) -> list[str]:
    parts: list[str] = []
    for level, percent in enumerate(PERCENTILES):
        value = delays.percentile(percent)
        x = LEFT + value * across
        y = 12 + level * 13
        anchor = "end" if x > width * 0.6 else "start"
        shift = -4 if anchor == "end" else 4
        parts.append(line(x, y - 8, x, base, "percentile"))
        parts.append(
            text(x + shift, y, f"p{percent} {value:.0f} ms", kind="value small", anchor=anchor)
        )
    return parts
