"""What went out and what came back: contents and their reach, the contest, the votes."""

from collections.abc import Iterator

from rich.markup import escape
from rich.table import Table

from kentongan.demo.page.words import TALLY_STATUS, decimal
from kentongan.demo.summary import CampaignShown, ContestShown, Season, Text
from kentongan.demo.terminal.progress import both, stacked
from kentongan.demo.terminal.tables import new_table

PLACES_SHOWN, OPTIONS_SHOWN = 10, 10


def outreach_tables(season: Season) -> Iterator[Table]:
    """Reach by content, the head of the ranking, the prizes, the tally of each campaign."""
    yield _reach(season)
    yield _ranking(season.contest)
    yield _prizes(season.contest)
    for campaign in season.campaigns:
        yield _tally(campaign)


def webhooks_line(season: Season) -> str:
    """What the receiver of webhooks saw, in one line."""
    seen = season.webhooks
    words = Text(
        f"Webhook: {seen.received} diterima dengan tanda tangan sah, {seen.repeats} berulang, "
        f"{seen.unavailable} dijawab 503, {seen.unanswered} tak dijawab, "
        f"{seen.unverified} tak sah",
        f"Webhooks: {seen.received} taken with a valid signature, {seen.repeats} repeated, "
        f"{seen.unavailable} answered 503, {seen.unanswered} unanswered, "
        f"{seen.unverified} not valid",
    )
    return stacked(words)


def _reach(season: Season) -> Table:
    table = new_table(
        Text("Jangkauan konten", "Reach of contents"),
        Text("Konten", "Content"),
        Text("KIM", "Groups"),
        Text("Kiriman", "Deliveries"),
        Text("Sampai", "Arrived"),
        Text("Terlambat", "Late"),
        Text("Gagal", "Failed"),
        Text("Batal", "Cancelled"),
    )
    for one in season.contents:
        edition = f" [dim]({one.edition})[/]" if one.edition > 1 else ""
        retracted = f" [yellow]{both(Text('ditarik', 'retracted'))}[/]"
        title = escape(one.title) + edition + (retracted if one.status == "retracted" else "")
        table.add_row(
            f"{title}\n[dim]{escape(one.audience.id)} / {escape(one.audience.en)}[/]",
            *(str(one.groups), str(one.deliveries), str(one.on_time + one.late)),
            *(str(one.late or ""), str(one.failed or ""), str(one.cancelled or "")),
        )
    return table


def _ranking(contest: ContestShown) -> Table:
    stage = contest.stages[-1]
    table = new_table(
        Text(
            f"{contest.title}: {contest.stages[0].entries} karya, {contest.judges} juri",
            f"{contest.stages[0].entries} entries, {contest.judges} judges",
        ),
        Text("Peringkat", "Rank"),
        *(Text("KIM", "Group"), Text("Tahap", "Stage")),
        *(f"{escape(one.name)}\n{100 * one.share:.0f}%" for one in stage.criteria),
        Text("Nilai", "Total"),
    )
    table.columns[1].justify = "left"
    for place in contest.ranking[:PLACES_SHOWN]:
        last = place.reached == stage.number
        table.add_row(
            f"{place.rank}" + (f" {both(Text('seri', 'tied'))}" if place.tied else ""),
            *(escape(place.group), str(place.reached)),
            *(decimal(place.means[one.id], 2) if last else "" for one in stage.criteria),
            f"[bold]{decimal(place.total, 2)}[/]",
        )
    return table


def _prizes(contest: ContestShown) -> Table:
    table = new_table(
        Text("Penghargaan", "Prizes"), Text("Penghargaan", "Prize"), Text("KIM", "Group")
    )
    table.columns[1].justify = "left"
    for prize in contest.prizes:
        kind = "" if prize.rank else f" [dim]{both(Text('khusus', 'special'))}[/]"
        table.add_row(escape(prize.name) + kind, escape(prize.group))
    return table


def _tally(campaign: CampaignShown) -> Table:
    status = TALLY_STATUS.get(campaign.status, Text(campaign.status, campaign.status))
    table = new_table(
        Text(f"{campaign.title} ({status.id})", f"a campaign's tally, {status.en}"),
        Text("Pilihan", "Option"),
        *(Text(f"Suara {day:%d-%m}", "Votes") for day in campaign.days),
        Text("Interaksi", "Interactions"),
        Text("Hasil", "Figure"),
    )
    for option in campaign.options[:OPTIONS_SHOWN]:
        weighted = f"{option.interacted} x {campaign.interaction_weight}"
        table.add_row(
            escape(option.label),
            *(decimal(option.votes.get(day, 0)) for day in campaign.days),
            weighted if option.interacted else "",
            f"[bold]{decimal(option.figure)}[/]",
        )
    table.caption = stacked(
        Text(
            f"{decimal(campaign.votes)} suara terhitung, {campaign.repeats_refused} suara kedua "
            f"ditolak, {campaign.suggestions} dengan usulan",
            f"{campaign.votes} votes count, {campaign.repeats_refused} second votes refused, "
            f"{campaign.suggestions} with a suggestion",
        )
    )
    table.caption_justify = "left"
    return table
