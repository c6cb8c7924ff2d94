"""Whom each content reached: its deliveries by what became of them."""

from collections.abc import Sequence

from markupsafe import Markup

from kentongan.demo.page.charts.svg import Box, bar, drawing, line, nice_step, text
from kentongan.demo.summary import ContentShown, Text

ROW, BAR, TOP, BOTTOM, RIGHT = 60.0, 16.0, 4.0, 24.0, 84.0
ON_TIME, LATE, FAILED, CANCELLED, PENDING = (
    *("registered", "waiting", "withdrawn", "suspended", "empty"),
)
RETRACTED = Text("ditarik", "retracted")


def reach_chart(contents: Sequence[ContentShown], *, width: float, labelled_by: str) -> Markup:
    """A row a content, all to one scale; its title and audience stand above the bar."""
    most = max((one.deliveries for one in contents), default=1) or 1
    scale = (width - RIGHT) / most
    bottom = TOP + ROW * len(contents)
    step, count = max(1.0, nice_step(most)), 0.0
    parts: list[str] = []
    while count <= most:
        parts.append(line(count * scale, TOP, count * scale, bottom, "grid"))
        anchor = "start" if count == 0 else "middle"
        parts.append(text(count * scale, bottom + 16, f"{count:g}", kind="tick", anchor=anchor))
        count += step
    for row, content in enumerate(contents):
        parts += _row(content, TOP + row * ROW, scale)
    return drawing(width, bottom + BOTTOM, parts, labelled_by=labelled_by)


def _row(content: ContentShown, top: float, scale: float) -> list[str]:
    y, x = top + 38, 0.0
    tip = Text(
        f"{content.title}: {content.on_time} tepat waktu, {content.late} terlambat, "
        f"{content.failed} gagal, {content.cancelled} dibatalkan",
        f"{content.on_time} on time, {content.late} late, {content.failed} failed, "
        f"{content.cancelled} cancelled",
    )
    parts: list[str] = [
        text(0, top + 17, content.title, kind="label strong halo"),
        text(0, top + 32, _note(content), kind="note halo"),
    ]
    for count, kind in (
        (content.on_time, ON_TIME),
        (content.late, LATE),
        (content.failed, FAILED),
        (content.cancelled, CANCELLED),
        (content.pending, PENDING),
    ):
        if count:
            parts.append(bar(Box(x, y, count * scale, BAR), kind, tip, radius=1))
            x += count * scale
    figure = f"{content.on_time + content.late}/{content.deliveries}"
    parts.append(text(x + 8, y + BAR - 3, figure, kind="value"))
    return parts


def _note(content: ContentShown) -> Text:
    groups = Text(f"{content.groups} KIM", f"{content.groups} groups")
    more = Text("", "")
    if content.edition > 1:
        more = Text(f" · edisi {content.edition}", f" · edition {content.edition}")
    if content.status == "retracted":
        more = Text(f"{more.id} · {RETRACTED.id}", f"{more.en} · {RETRACTED.en}")
    return Text(
        f"{content.audience.id} · {groups.id}{more.id}",
        f"{content.audience.en} · {groups.en}{more.en}",
    )
