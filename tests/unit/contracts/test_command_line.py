"""`python -m kentongan.contracts` as `make check` and a developer use it."""

from pathlib import Path

import pytest

from kentongan.contracts import __main__ as command
from kentongan.contracts.catalogue import CATALOGUE, Catalogue
from kentongan.contracts.evolution.freezing import FreezeRefused


def test_stale_documents_fail_the_check_until_they_are_generated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = ["--docs", str(tmp_path)]

    assert command.main(["check", *docs]) == 1
    assert capsys.readouterr().out.count("is stale: run") == 2

    assert command.main(["generate", *docs]) == 0
    assert command.main(["check", *docs]) == 0

    page = tmp_path / "events.md"
    page.write_text(page.read_text().replace("KimRegistered", "KimEnrolled"))
    capsys.readouterr()
    assert command.main(["check", *docs]) == 1
    assert capsys.readouterr().out.startswith(f"{page} is stale: run")


def test_a_breaking_change_fails_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(catalogue: Catalogue) -> list[Path]:
        assert catalogue is CATALOGUE
        raise FreezeRefused(["KimRegistered.v1 against revision 001: data.name: was removed"])

    monkeypatch.setattr(command, "freeze", refuse)

    assert command.main(["freeze"]) == 1
    assert "data.name: was removed" in capsys.readouterr().out


def test_the_page_tells_every_event_and_field() -> None:
    page = command.documents(Path("docs"))[Path("docs/events.md")]

    for event in CATALOGUE.events:
        assert f"### {event.contract.name}\n" in page
        assert event.contract.trigger in page
        assert f"ce_type: {event.contract.type}\n" in page
        for name in event.model_fields:
            assert f"| `{name}` |" in page
    assert "| `region.district_name` |" in page
    assert "| `links[].url` |" in page
