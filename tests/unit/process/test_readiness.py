"""Readiness is what the last look saw, for as long as that says anything."""

from collections.abc import Mapping
from typing import Any

import pytest

from kentongan.process import readiness as module
from kentongan.process.clocks import Clocks
from kentongan.process.readiness import BUILT_SECONDS, OLDEST_SECONDS, Readiness
from kentongan.storage.driver import Greeting
from kentongan.storage.errors import StorageUnavailable

SOUND = Greeting("kota", ("a",), False, 0.0, 0.001)


class Surroundings:
    """A database that answers or fails as the test says, and a clock that it moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answer: Greeting | Exception = SOUND
        self.built = True
        self.asked_for_builds = 0
        self.now = 1_000.0

        async def greet(*_: Any) -> Greeting:
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        monkeypatch.setattr(module, "greet", greet)
        self.readiness = Readiness(
            database=None,  # type: ignore[arg-type]  # nobody asks it: see `greet`
            read_models_built=self._read_models_built,
            clocks=Clocks("readiness-test"),
            prepared=lambda: True,
            monotonic=lambda: self.now,
        )

    async def _read_models_built(self) -> bool:
        self.asked_for_builds += 1
        return self.built

    async def seen(self) -> Mapping[str, bool]:
        await self.readiness.look()
        return await self.readiness.answer()


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch) -> Surroundings:
    return Surroundings(monkeypatch)


async def test_nothing_is_known_before_the_first_look(around: Surroundings) -> None:
    assert (await around.readiness.answer())["mongo"] is False
    assert all((await around.seen()).values())


async def test_an_old_look_says_nothing_any_more(around: Surroundings) -> None:
    await around.seen()
    around.now += OLDEST_SECONDS - 1
    assert (await around.readiness.answer())["mongo"] is True
    around.now += 1
    assert (await around.readiness.answer())["mongo"] is False


@pytest.mark.parametrize("failure", [StorageUnavailable("away"), RuntimeError("unheard of")])
async def test_a_look_that_fails_is_an_answer(around: Surroundings, failure: Exception) -> None:
    await around.seen()
    around.answer = failure
    assert (await around.seen())["mongo"] is False
    around.answer = SOUND
    assert all((await around.seen()).values())


async def test_read_models_that_are_built_are_looked_at_seldom(around: Surroundings) -> None:
    around.built = False
    for _ in range(3):
        assert (await around.seen())["read_models"] is False
    around.built = True
    for _ in range(3):
        assert (await around.seen())["read_models"] is True
    assert around.asked_for_builds == 4
    around.now += BUILT_SECONDS
    around.built = False
    assert (await around.seen())["read_models"] is False


async def test_an_end_is_seen_at_once(around: Surroundings) -> None:
    await around.seen()
    around.readiness.ending = True
    assert (await around.readiness.answer())["serving"] is False
