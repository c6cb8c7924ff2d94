"""The flow of events for a narrow screen: topic by topic, its events as bars, its readers named."""

from collections.abc import Sequence

from markupsafe import Markup

from kentongan.demo.page.charts.flow import ANYONE
from kentongan.demo.page.charts.svg import TOPIC_KINDS, Box, bar, drawing, text
from kentongan.demo.summary import Text, TopicFigures

ROW, BAR, HEAD, GAP, LEFT, RIGHT = 22.0, 12.0, 42.0, 14.0, 138.0, 40.0


def topics_chart(topics: Sequence[TopicFigures], *, width: float, labelled_by: str) -> Markup:
    """A block a topic; all bars to one scale."""
    most = max((count for topic in topics for count in topic.by_name.values()), default=1)
    scale = (width - LEFT - RIGHT) / most
    parts: list[str] = []
    y = 0.0
    for number, topic in enumerate(topics):
        named = ", ".join(topic.readers)
        readers = Text(
            f"→ {named + ', ' if named else ''}{ANYONE.id}",
            f"→ {named + ', ' if named else ''}{ANYONE.en}",
        )
        parts.append(text(0, y + 14, f"{topic.topic} · {topic.events}", kind="label strong"))
        parts.append(text(0, y + 31, readers, kind="note"))
        y += HEAD
        for name, count in topic.by_name.items():
            parts.append(text(LEFT - 8, y + BAR, name, kind="label small", anchor="end"))
            kind = f"band {TOPIC_KINDS[number]} solid"
            parts.append(bar(Box(LEFT, y + 2, max(1.5, count * scale), BAR), kind))
            x = LEFT + count * scale + 6
            parts.append(text(x, y + BAR, str(count), kind="value small"))
            y += ROW
        y += GAP
    return drawing(width, y - GAP, parts, labelled_by=labelled_by)
