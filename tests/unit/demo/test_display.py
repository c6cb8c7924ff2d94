"""The terminal's summary tells what the page tells, down to the verdict."""

from rich.console import Console

from kentongan.demo.consistency.findings import Finding
from kentongan.demo.terminal.display import show_season
from tests.unit.demo.sample_season import LOST, sample_season


def shown(*findings: Finding) -> str:
    console = Console(width=130, force_terminal=False)
    with console.capture() as capture:
        show_season(console, sample_season(findings=findings))
    return capture.get()


def test_every_part_of_a_season_is_shown() -> None:
    text = shown()
    for words in (
        *("Jadwal <imunisasi>", "ditarik", "117", "Lomba Kampung Digital", "2 seri"),
        *("Pilihan warga", "1.330", "40 x 2", "final", "seat-taken", "scoring.votes"),
        *("88 diterima", "Cocok semua", "2.008 suara dihitung ulang"),
    ):
        assert words in text, words


def test_a_bad_verdict_says_what_was_found() -> None:
    text = shown(LOST)
    assert "Cocok semua" not in text
    assert LOST.detail in text
