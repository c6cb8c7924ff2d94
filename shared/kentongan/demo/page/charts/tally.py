"""A campaign's tally: votes and weighted interactions, the strongest option first."""

from markupsafe import Markup

from kentongan.demo.page.charts.svg import Box, bar, drawing, line, nice_step, text
from kentongan.demo.summary import CampaignShown, OptionShown, Text

ROW, BAR, TOP, BOTTOM, RIGHT = 40.0, 13.0, 4.0, 24.0, 64.0
SHOWN = 12
VOTES, INTERACTIONS = "series first", "series second"


def tally_chart(campaign: CampaignShown, *, width: float, labelled_by: str) -> Markup:
    """A row an option."""
    options = campaign.options[:SHOWN]
    most = max((option.figure for option in options), default=1) or 1
    scale = (width - RIGHT) / most
    bottom = TOP + ROW * len(options)
    step, count = max(1.0, nice_step(most)), 0.0
    parts: list[str] = []
    while count <= most:
        parts.append(line(count * scale, TOP, count * scale, bottom, "grid"))
        anchor = "start" if count == 0 else "middle"
        parts.append(text(count * scale, bottom + 16, f"{count:g}", kind="tick", anchor=anchor))
        count += step
    for row, option in enumerate(options):
        parts += _row(option, campaign.interaction_weight, TOP + row * ROW, scale)
    return drawing(width, bottom + BOTTOM, parts, labelled_by=labelled_by)


def _row(option: OptionShown, weight: int, top: float, scale: float) -> list[str]:
    y, votes = top + 20, option.voted * scale
    tip = Text(
        f"{option.label}: {option.voted} suara, {option.interacted} interaksi x {weight}",
        f"{option.voted} votes, {option.interacted} interactions x {weight}",
    )
    interactions = option.interacted * weight * scale
    return [
        text(0, top + 14, option.label, kind="label halo"),
        bar(Box(0, y, votes, BAR), VOTES, tip, radius=1),
        bar(Box(votes, y, interactions, BAR), INTERACTIONS, tip, radius=1),
        text(votes + interactions + 8, y + BAR - 2, str(option.figure), kind="value"),
    ]
