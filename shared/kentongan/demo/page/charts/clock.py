"""When events were recorded during the run, stacked by topic."""

from collections.abc import Sequence

from markupsafe import Markup

from kentongan.demo.page.charts.svg import TOPIC_KINDS, Box, bar, drawing, line, text
from kentongan.demo.summary import TopicFigures

HEIGHT, BASE, TOP = 220.0, 196.0, 14.0
BINS = 48


def clock_chart(topics: Sequence[TopicFigures], *, width: float, labelled_by: str) -> Markup:
    """Columns of equal time over the run, as tall as the events recorded in each are many."""
    times = [moment for topic in topics for moment in topic.times]
    if not times:
        return drawing(width, HEIGHT, [], labelled_by=labelled_by)
    start, seconds = min(times), max(1.0, (max(times) - min(times)).total_seconds())
    stacks = [[0] * BINS for _ in topics]
    for stack, topic in zip(stacks, topics, strict=True):
        for moment in topic.times:
            stack[min(BINS - 1, int((moment - start).total_seconds() / seconds * BINS))] += 1
    highest = max(sum(column) for column in zip(*stacks, strict=True))
    thick = width / BINS
    parts: list[str] = [line(0, BASE, width, BASE, "axis")]
    for at in range(BINS):
        y = BASE
        for number, stack in enumerate(stacks):
            tall = stack[at] / highest * (BASE - TOP)
            y -= tall
            if tall:
                box = Box(at * thick + 0.5, y, thick - 1, tall)
                kind = f"band {TOPIC_KINDS[number]} solid"
                parts.append(bar(box, kind, f"{topics[number].topic}: {stack[at]}", radius=0))
    parts.append(text(0, HEIGHT - 6, "0 s", kind="tick"))
    parts.append(text(width / 2, HEIGHT - 6, f"{seconds / 2:.0f} s", kind="tick", anchor="middle"))
    parts.append(text(width, HEIGHT - 6, f"{seconds:.0f} s", kind="tick", anchor="end"))
    return drawing(width, HEIGHT, parts, labelled_by=labelled_by)
