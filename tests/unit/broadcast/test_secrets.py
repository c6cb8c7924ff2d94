"""Secrets are derived: the same for ever, another for each channel and generation."""

import base64
from datetime import UTC, datetime, timedelta

from services.broadcast.domain.secrets import SigningSecrets

NOW = datetime(2026, 10, 5, 2, tzinfo=UTC)
SECRETS = SigningSecrets("a secret of the service, 32 signs")


def test_a_secret_has_the_form_of_standard_webhooks() -> None:
    secret = SECRETS.of("channel", 1)
    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64


def test_channels_generations_and_services_have_secrets_of_their_own() -> None:
    other = SigningSecrets("another secret of another service")
    assert SECRETS.of("channel", 1) == SECRETS.of("channel", 1)
    assert len({SECRETS.of("a", 1), SECRETS.of("a", 2), SECRETS.of("b", 1), other.of("a", 1)}) == 4


def test_the_first_secret_signs_alone() -> None:
    assert SECRETS.signing("a", 1, (), NOW) == (SECRETS.of("a", 1),)


def test_after_a_rotation_both_sign_for_a_day() -> None:
    both = (SECRETS.of("a", 2), SECRETS.of("a", 1))
    assert SECRETS.signing("a", 2, (NOW,), NOW) == both
    assert SECRETS.signing("a", 2, (NOW,), NOW + timedelta(hours=23, minutes=59)) == both
    assert SECRETS.signing("a", 2, (NOW,), NOW + timedelta(hours=24)) == (SECRETS.of("a", 2),)


def test_each_of_three_generations_signs_for_a_day_after_it_was_replaced() -> None:
    rotations = (NOW, NOW + timedelta(hours=20))
    third, second, first = (SECRETS.of("a", generation) for generation in (3, 2, 1))
    for hours, signing in (
        (20, (third, second, first)),
        (23.9, (third, second, first)),
        (24, (third, second)),
        (43.9, (third, second)),
        (44, (third,)),
    ):
        now = NOW + timedelta(hours=hours)
        assert SECRETS.signing("a", 3, rotations, now) == signing, hours
