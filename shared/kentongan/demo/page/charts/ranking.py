"""The head of the contest's ranking: each total, made up of its criteria."""

from collections.abc import Sequence

from markupsafe import Markup

from kentongan.demo.page.charts.svg import SERIES, Box, bar, drawing, line, text
from kentongan.demo.summary import ContestShown, PlaceShown, StageShown, Text

ROW, BAR, TOP, BOTTOM, RIGHT = 44.0, 14.0, 4.0, 24.0, 58.0
SHOWN = 10
FULL = 100


def ranking_chart(contest: ContestShown, *, width: float, labelled_by: str) -> Markup:
    """A row an entry: what each criterion of the last stage adds to the total of 100."""
    places = contest.ranking[:SHOWN]
    scale = (width - RIGHT) / FULL
    bottom = TOP + ROW * len(places)
    parts: list[str] = []
    for points in (0, 25, 50, 75, 100):
        x = points * scale
        parts.append(line(x, TOP, x, bottom, "grid"))
        anchor = "start" if points == 0 else "middle"
        parts.append(text(x, bottom + 16, f"{points}", kind="tick", anchor=anchor))
    stages = {stage.number: stage for stage in contest.stages}
    for row, place in enumerate(places):
        parts += _row(place, stages[place.reached], TOP + row * ROW, scale)
    return drawing(width, bottom + BOTTOM, parts, labelled_by=labelled_by)


def contributions(place: PlaceShown, stage: StageShown) -> Sequence[tuple[str, float]]:
    """Criteria by name, with what each adds to a total of 0 to 100."""
    return [
        (
            criterion.name,
            FULL
            * criterion.share
            * (place.means.get(criterion.id, criterion.scale_min) - criterion.scale_min)
            / (criterion.scale_max - criterion.scale_min),
        )
        for criterion in stage.criteria
    ]


def _row(place: PlaceShown, stage: StageShown, top: float, scale: float) -> list[str]:
    y, x = top + 22, 0.0
    tied = Text(f"{place.rank} (seri)", f"{place.rank} (tied)")
    rank = tied if place.tied else Text(f"{place.rank}", f"{place.rank}")
    stages = Text(f"tahap {place.reached}", f"stage {place.reached}")
    label = Text(
        f"{rank.id} · {place.group} · {stages.id}", f"{rank.en} · {place.group} · {stages.en}"
    )
    parts: list[str] = [text(0, top + 16, label, kind="label halo")]
    for number, (name, adds) in enumerate(contributions(place, stage)):
        kind = f"series {SERIES[number % len(SERIES)]}"
        parts.append(bar(Box(x, y, adds * scale, BAR), kind, f"{name}: {adds:.2f}", radius=1))
        x += adds * scale
    parts.append(text(x + 8, y + BAR - 3, f"{place.total:.2f}", kind="value"))
    return parts
