"""Where events go: from what happened, through the topics, to whoever reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kentongan.demo.page.charts.svg import TOPIC_KINDS, Box, bar, drawing, element, text, title
from kentongan.demo.summary import Text, TopicFigures

TALLEST, SMALLEST, BETWEEN, TOP = 260.0, 2.5, 13.0, 10.0
ANYONE = Text("siapa saja, lewat Kafka", "anyone, through Kafka")
NODE = 9.0


@dataclass(slots=True)
class _Node:
    label: Text | str
    value: int
    kind: str
    least: float = SMALLEST
    """Its height at the least: that of the bands that enter it."""
    y: float = 0.0
    height: float = 0.0
    out: float = 0.0


def flow_chart(topics: Sequence[TopicFigures], *, width: float, labelled_by: str) -> Markup:
    """Bands as broad as their events are many: event, topic, reader."""
    unit = TALLEST / max(1, sum(topic.events for topic in topics))
    kinds = {topic.topic: TOPIC_KINDS[number] for number, topic in enumerate(topics)}
    events = [
        (topic.topic, _Node(name, count, kinds[topic.topic]))
        for topic in topics
        for name, count in topic.by_name.items()
    ]
    middle = [(topic, _Node(topic.topic, topic.events, kinds[topic.topic])) for topic in topics]
    readers = {
        name: _reader(name, [topic for topic in topics if name in topic.readers], unit)
        for name in sorted({name for topic in topics for name in topic.readers})
    }
    anyone = _reader(ANYONE, topics, unit)
    columns = [node for _, node in events], [node for _, node in middle]
    last = [*readers.values(), anyone]
    height = max(_lay(nodes, unit) for nodes in (*columns, last))
    for nodes in (columns[1], last):
        _spread(nodes, height)
    links = [(topic, readers[name]) for topic in topics for name in topic.readers]
    links += [(topic, anyone) for topic in topics]
    left, centre, right = 186.0, 0.54 * width, width - 166.0
    parts = _bands(events, middle, links, (left, centre, right))
    for _, node in events:
        parts += _node(node, left, "end")
    for _, node in middle:
        parts += _node(node, centre, "middle")
    for node in last:
        parts += _node(node, right, "start")
    return drawing(width, height + 14, parts, labelled_by=labelled_by)


def _reader(label: Text | str, topics: Sequence[TopicFigures], unit: float) -> _Node:
    """Whoever reads these topics, as tall as all that it reads."""
    least = sum(max(SMALLEST, topic.events * unit) for topic in topics)
    return _Node(label, sum(topic.events for topic in topics), "reader", least)


def _lay(nodes: Sequence[_Node], unit: float) -> float:
    """Stack nodes from the top; the bottom of the last."""
    y = TOP
    for node in nodes:
        node.height = max(node.least, node.value * unit)
        node.y = y
        node.out = y
        y += max(node.height, 8) + BETWEEN
    return y - BETWEEN


def _spread(nodes: Sequence[_Node], height: float) -> None:
    """Move nodes apart, so that their column is as tall as the tallest."""
    free = height - nodes[-1].y - nodes[-1].height
    share = free / (len(nodes) + 1)
    for number, node in enumerate(nodes, 1):
        node.y += share * number
        node.out = node.y


def _bands(
    events: Sequence[tuple[str, _Node]],
    middle: Sequence[tuple[TopicFigures, _Node]],
    links: Sequence[tuple[TopicFigures, _Node]],
    columns: tuple[float, float, float],
) -> list[str]:
    left, centre, right = columns
    by_topic: Mapping[str, _Node] = {topic.topic: node for topic, node in middle}
    parts: list[str] = []
    entering = {name: node.y for name, node in by_topic.items()}
    for name, node in events:
        parts.append(_band(node, (left, node.y), (centre, entering[name]), node.height))
        entering[name] += node.height
    for topic, reader in links:
        source = by_topic[topic.topic]
        parts.append(_band(source, (centre, source.y), (right, reader.out), source.height))
        reader.out += source.height
    return parts


def _band(
    node: _Node, start: tuple[float, float], end: tuple[float, float], thick: float
) -> Markup:
    """A band of even height from the right of one node to the left of another."""
    (x1, y1), (x2, y2) = (start[0] + NODE, start[1]), end
    bend = (x1 + x2) / 2
    path = (
        f"M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        f"V{y2 + thick:.1f}C{bend:.1f} {y2 + thick:.1f} {bend:.1f} {y1 + thick:.1f} "
        f"{x1:.1f} {y1 + thick:.1f}Z"
    )
    return element("path", title(str(node.value)), d=path, class_=f"band {node.kind}")


def _node(node: _Node, x: float, side: str) -> list[str]:
    shape = bar(Box(x, node.y, NODE, node.height), f"band {node.kind} solid", radius=1)
    below = node.y + max(node.height, 6) + 12
    if side == "end":
        y = node.y + min(node.height / 2, 40) + 4
        label = f"{node.label} · {node.value}"
        return [shape, text(x - 8, y, label, kind="label small", anchor="end")]
    if side == "start":
        y = node.y + min(node.height / 2, 40) + 4
        name = text(x + NODE + 8, y, node.label, kind="label")
        return [shape, name, text(x + NODE + 8, y + 13, f"{node.value}", kind="value small")]
    label = f"{node.label} · {node.value}"
    middle = x + NODE / 2
    return [shape, text(middle, below + 2, label, kind="label strong halo", anchor="middle")]
