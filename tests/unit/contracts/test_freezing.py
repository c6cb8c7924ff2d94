"""Revisions are written once, in order, and only where every reader can follow."""

import json
from pathlib import Path
from typing import Any

import pytest

from kentongan.contracts.catalogue import Catalogue
from kentongan.contracts.event import Event, Kind, Topic, event
from kentongan.contracts.evolution.freezing import FreezeRefused, freeze, revisions, unfrozen

DRUMS = Topic(
    name="village.drums",
    service="village",
    key="drum_id",
    kind=Kind.FACT,
    description="Beats of the village's drum.",
)
EXAMPLE: dict[str, Any] = {"drum_id": "d-1", "beats": 3}


def published(model: type[Event]) -> Catalogue:
    model.__name__ = "DrumBeaten"
    declare = event(DRUMS, trigger="The drum is beaten.", readers=(), example=EXAMPLE)
    return Catalogue((declare(model),))


class First(Event):
    """The drum was beaten."""

    drum_id: str
    beats: int


class WithPlace(First):
    """The drum was beaten."""

    place: str | None = None


class PlaceAsNumber(First):
    """The drum was beaten."""

    place: int | None = None


class Later(First):
    """The drum was beaten."""

    hour: int


def names(goldens: Path) -> list[str]:
    return sorted(str(path.relative_to(goldens)) for path in goldens.rglob("*.json"))


def test_each_change_is_one_more_revision_and_nothing_is_rewritten(tmp_path: Path) -> None:
    first, second = published(First), published(WithPlace)

    assert unfrozen(first, tmp_path) == [
        "DrumBeaten.v1: the model is not frozen: run `freeze`, and commit"
    ]
    assert len(freeze(first, tmp_path)) == 1
    frozen = (tmp_path / "DrumBeaten.v1" / "001.json").read_text()
    assert freeze(first, tmp_path) == []
    assert unfrozen(first, tmp_path) == []

    assert unfrozen(second, tmp_path)
    freeze(second, tmp_path)
    assert names(tmp_path) == ["DrumBeaten.v1/001.json", "DrumBeaten.v1/002.json"]
    assert (tmp_path / "DrumBeaten.v1" / "001.json").read_text() == frozen
    assert [schema["properties"].keys() for _, schema in revisions(WithPlace, tmp_path)] == [
        {"drum_id", "beats"},
        {"drum_id", "beats", "place"},
    ]


def test_a_name_once_used_never_comes_back_with_another_type(tmp_path: Path) -> None:
    for catalogue in (published(First), published(WithPlace), published(First)):
        freeze(catalogue, tmp_path)

    with pytest.raises(FreezeRefused) as refused:
        freeze(published(PlaceAsNumber), tmp_path)

    assert refused.value.reasons == [
        "DrumBeaten.v1 against revision 002: data.place: no longer allows string: "
        "new readers refuse old events",
        "DrumBeaten.v1 against revision 002: data.place: now allows integer: "
        "old readers refuse new events",
    ]
    assert len(names(tmp_path)) == 3
    assert unfrozen(published(PlaceAsNumber), tmp_path) == refused.value.reasons


def test_a_refusal_writes_nothing_at_all(tmp_path: Path) -> None:
    freeze(published(First), tmp_path)

    class DrumRepaired(Event):
        """The drum was repaired."""

        drum_id: str

    repaired = event(DRUMS, trigger="It is repaired.", readers=(), example={"drum_id": "d-1"})
    with pytest.raises(FreezeRefused):
        freeze(Catalogue((repaired(DrumRepaired), *published(Later).events)), tmp_path)

    assert names(tmp_path) == ["DrumBeaten.v1/001.json"]


def test_a_contract_that_disappears_is_noticed(tmp_path: Path) -> None:
    freeze(published(First), tmp_path)

    assert unfrozen(Catalogue(()), tmp_path) == [
        "DrumBeaten.v1: published, but gone from the catalogue: its topic still holds such events"
    ]


def test_a_golden_that_was_edited_or_removed_is_noticed(tmp_path: Path) -> None:
    first, second = published(First), published(WithPlace)
    freeze(first, tmp_path)
    freeze(second, tmp_path)
    golden = tmp_path / "DrumBeaten.v1" / "001.json"
    original = golden.read_text()

    edited = json.loads(original)
    edited["properties"]["beats"] = {"type": "string"}
    golden.write_text(json.dumps(edited))
    assert "was string, is integer" in unfrozen(second, tmp_path)[0]

    golden.unlink()
    assert unfrozen(second, tmp_path) == [
        "DrumBeaten.v1: revisions are numbered without gaps, but are ['002.json']"
    ]
