"""The demo's settings of single services are ones that the services know, and fit together."""

from collections.abc import Mapping

import pytest

from kentongan.demo.acts.publishing import DOWN_SECONDS
from kentongan.demo.acts.subscribing import IMPATIENT
from kentongan.demo.acts.voting import HURRIED
from kentongan.local.system import service_environment
from services.broadcast.settings import BroadcastSettings
from services.scoring.settings import ScoringSettings


def settings_of(
    kind: type[BroadcastSettings] | type[ScoringSettings],
    given: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> BroadcastSettings | ScoringSettings:
    fields = {f"KENTONGAN_{name.upper()}" for name in kind.model_fields}
    assert given.keys() <= fields
    needed = service_environment(kafka_bootstrap="k:1", mongo_uri="mongodb://m", city="36.71")
    for name, value in {**needed, **given}.items():
        monkeypatch.setenv(name, value)
    return kind()


def test_scoring_takes_the_demos_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_of(ScoringSettings, HURRIED, monkeypatch)
    assert isinstance(settings, ScoringSettings)
    assert settings.scoring_vote_grace_seconds < 5


def test_the_courier_is_patient_until_the_failing_address_is_up_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = settings_of(BroadcastSettings, IMPATIENT, monkeypatch)
    assert isinstance(settings, BroadcastSettings)
    assert settings.broadcast_private_targets
    waits = [
        min(
            settings.broadcast_first_delay_seconds * settings.broadcast_delay_factor**attempt,
            settings.broadcast_longest_delay_seconds,
        )
        for attempt in range(settings.broadcast_attempts - 1)
    ]
    # Jitter shortens a wait by up to half.
    assert sum(waits) / 2 > DOWN_SECONDS > settings.broadcast_promise_seconds
