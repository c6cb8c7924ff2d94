"""The season on the terminal: at the end, what a city wants to see."""

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from kentongan.demo.page.words import FINDINGS, RECOUNTS, decimal
from kentongan.demo.summary import Season, Text
from kentongan.demo.terminal.outreach import outreach_tables, webhooks_line
from kentongan.demo.terminal.progress import both, stacked
from kentongan.demo.terminal.tables import new_table

FINDINGS_SHOWN = 20


def show_season(console: Console, season: Season) -> None:
    """The results, part by part, the verdict last."""
    console.print()
    for table in (
        _coverage(season),
        _universities(season),
        _districts(season),
        _plans(season),
        *outreach_tables(season),
        _refusals(season),
        _topics(season),
    ):
        console.print(table)
        console.print()
    _show_reasons(console, season)
    delays = season.delays
    console.print(
        both(Text("Jeda dari jawaban sampai tampak di placement", "Delay until visible there"))
        + f": p50 [bold]{delays.percentile(50):.0f} ms[/], p95 {delays.percentile(95):.0f} ms, "
        f"p99 {delays.percentile(99):.0f} ms [dim](n = {len(delays.milliseconds)})[/]\n"
    )
    console.print(webhooks_line(season) + "\n")
    console.print(_verdict(season))


def _coverage(season: Season) -> Table:
    table = new_table(
        Text("Cakupan per kecamatan terhadap sasaran", "Coverage by district, against the target"),
        Text("Kecamatan", "District"),
        "Kelurahan",
        Text("Terdaftar", "Registered"),
        Text("Dibekukan", "Suspended"),
        "%",
        Text("Sasaran", "Target"),
    )
    for district in (*season.coverage, season.total):
        colour = "green" if district.reached else "yellow"
        table.add_row(
            district.name,
            str(district.kelurahan),
            str(district.registered),
            str(district.suspended or ""),
            f"[{colour}]{decimal(district.percent, 1)}[/]",
            f"{district.target_percent:g}%",
            end_section=district is season.coverage[-1],
        )
    return table


def _universities(season: Season) -> Table:
    table = new_table(
        Text("Penempatan per universitas", "Placement by university"),
        Text("Universitas", "University"),
        Text("Kuota", "Quota"),
        Text("Ditempatkan", "Placed"),
        Text("Menunggu", "Waiting"),
        Text("Mundur", "Withdrawn"),
    )
    for one in season.universities:
        table.add_row(
            *(one.name, str(one.quota), str(one.assigned)),
            *(str(one.waiting or ""), str(one.withdrawn or "")),
        )
    return table


def _districts(season: Season) -> Table:
    table = new_table(
        Text("Penempatan per kecamatan", "Placement by district"),
        Text("Kecamatan", "District"),
        Text("Mahasiswa", "Students"),
        Text("Universitas", "Universities"),
    )
    for district in season.coverage:
        counts = [count for (_, code), count in season.matrix.items() if code == district.code]
        table.add_row(district.name, str(sum(counts)), str(len(counts)))
    return table


def _plans(season: Season) -> Table:
    table = new_table(
        Text("Rencana penempatan", "Plans"),
        Text("Rencana", "Plan"),
        Text("Mahasiswa", "Students"),
        Text("Biaya", "Cost"),
        Text("Pindah", "Moves"),
        Text("Per KIM", "Per group"),
        Text("KIM kosong", "Empty groups"),
        Text("Detik", "Seconds"),
    )
    for number, plan in enumerate(season.plans, 1):
        table.add_row(
            *(str(number), str(plan.students), decimal(plan.cost), str(plan.moves)),
            *(f"{plan.fewest}-{plan.most}", str(plan.groups_without_students)),
            decimal(plan.seconds, 1),
        )
    return table


def _refusals(season: Season) -> Table:
    table = new_table(
        Text("Ditolak, menurut aturan", "Refused, by rule"),
        Text("Aturan", "Rule"),
        Text("Kali", "Times"),
        Text("Alasan", "Reason"),
    )
    table.columns[2].justify = "left"
    for refusal in season.refusals:
        table.add_row(refusal.rule, str(refusal.count), stacked(refusal.title))
    for line in season.enrolment.rejected:
        table.add_row(f"CSV, {line.line}: {line.rule}", "1", stacked(line.detail))
    return table


def _topics(season: Season) -> Table:
    table = new_table(
        Text("Peristiwa per topik", "Events by topic"),
        Text("Topik", "Topic"),
        Text("Peristiwa", "Events"),
        Text("Jenis", "Types"),
    )
    table.columns[2].justify = "left"
    for topic in season.topics:
        kinds = ", ".join(f"{name} {count}" for name, count in topic.by_name.items())
        table.add_row(topic.topic, str(topic.events), kinds)
    return table


def _show_reasons(console: Console, season: Season) -> None:
    console.print("[bold]" + both(Text("Mengapa di sana?", "Why there?")) + "[/]")
    for reason in season.reasons:
        moved = " [yellow]↻[/]" if reason.moved else ""
        console.print(f"  {reason.programme}, {reason.university} → {reason.group}{moved}")
        for text in reason.reasons:
            console.print(f"    {both(text)}")
    console.print()


def _verdict(season: Season) -> Panel:
    verdict, checked = season.verdict, season.verdict.checked
    figures = (checked.acknowledged, checked.expectations, checked.events, checked.repeats)
    compared = (checked.compared, checked.decisions)
    lines = [
        "{} perintah diterima, {} peristiwa dijanjikan, {} ditemukan, {} pengulangan, "
        "{} entri dibandingkan, {} keputusan dicocokkan.".format(*figures, *compared),
        "[dim]{} commands accepted, {} events promised, {} found, {} repeats, "
        "{} entries compared, {} decisions matched.[/]".format(*figures, *compared),
    ]
    lines += [
        f"{decimal(count)} {both(RECOUNTS[name])}" for name, count in checked.recounted.items()
    ]
    for finding in verdict.findings[:FINDINGS_SHOWN]:
        kind = both(FINDINGS[finding.kind])
        lines.append(f"[red]{kind}[/] {finding.where} {finding.aggregate}: {finding.detail}")
    if len(verdict.findings) > FINDINGS_SHOWN:
        lines.append(f"… +{len(verdict.findings) - FINDINGS_SHOWN}")
    title = (
        both(Text("Cocok semua", "All is consistent"))
        if verdict.good
        else both(Text("Ada yang tidak cocok", "Something does not match"))
    )
    return Panel("\n".join(lines), title=title, border_style="green" if verdict.good else "red")
