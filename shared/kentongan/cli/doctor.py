"""`kentongan doctor`: what is missing on this machine, and how to get it."""

import typer
from rich.console import Console
from rich.table import Table

from kentongan.local.doctor import diagnose


def doctor() -> None:
    """Say what is missing on this machine and how to get it; exit 1 where something required is."""
    findings = diagnose()
    table = Table(show_edge=False, pad_edge=False)
    for head in ("", "Bagian / part", "Keterangan / detail", "Cara / remedy"):
        table.add_column(head)
    for finding in findings:
        mark = "[green]✓" if finding.ok else "[red]✗" if finding.required else "[yellow]–"
        remedy = "" if finding.ok else f"{finding.remedy_id}\n[dim]{finding.remedy_en}"
        table.add_row(mark, finding.name, finding.detail, remedy)
    Console().print(table)
    if any(finding.required and not finding.ok for finding in findings):
        raise typer.Exit(1)
