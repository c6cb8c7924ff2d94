"""Who a person of the season is to a service, and how their tokens are got."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import jwt

from kentongan.domain.clock import utc_now
from kentongan.http import sign_development_token

DEVELOPMENT_LIFE = timedelta(hours=8)
"""Longer than any season: each token is signed once."""
SIGNED_LIFE = timedelta(minutes=15)
RENEWED_BEFORE_SECONDS = 60.0
SIGNING_ALGORITHM = "ES256"


@dataclass(frozen=True, slots=True)
class Person:
    """What a token says of its bearer: an opaque subject, roles, and claims that narrow them."""

    subject: str
    roles: tuple[str, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)


class Bearer(Protocol):
    """Somebody who can show a valid token at any time."""

    async def token(self) -> str:
        """A token that is still valid for a while."""


class Issuer(Protocol):
    """Whoever gives persons their tokens. The same subject is the same person."""

    def bearer(self, person: Person) -> Bearer:
        """The person, able to show tokens."""

    async def prepare(self, bearers: Iterable[Bearer]) -> None:
        """Get their tokens ready, where that takes its time."""


class SigningIssuer:
    """Signs tokens itself, with a key that the services believe."""

    def __init__(self, sign: Callable[[Mapping[str, Any], timedelta], str], life: timedelta):
        self._sign = sign
        self._life = life
        self._bearers: dict[str, _Signed] = {}

    def bearer(self, person: Person) -> Bearer:
        """The person; their token is signed when it is first shown."""
        claims = {"sub": person.subject, "roles": list(person.roles), **person.claims}
        return self._bearers.setdefault(person.subject, _Signed(self._sign, claims, self._life))

    async def prepare(self, bearers: Iterable[Bearer]) -> None:
        """Nothing: signing takes no time."""


class _Signed:
    def __init__(
        self,
        sign: Callable[[Mapping[str, Any], timedelta], str],
        claims: Mapping[str, Any],
        life: timedelta,
    ) -> None:
        self._sign = sign
        self._claims = claims
        self._life = life
        self._token = ""
        self._renewed_at = float("-inf")

    async def token(self) -> str:
        if time.monotonic() - self._renewed_at > (
            self._life.total_seconds() - RENEWED_BEFORE_SECONDS
        ):
            self._token, self._renewed_at = self._sign(self._claims, self._life), time.monotonic()
        return self._token


def development_issuer() -> SigningIssuer:
    """Signs with the development key, which services believe in development only."""
    return SigningIssuer(sign_development_token, DEVELOPMENT_LIFE)


def key_issuer(*, key_file: Path, kid: str, issuer: str, audience: str) -> SigningIssuer:
    """Signs ES256 with a private key whose public half stands in the services' key set."""
    key = key_file.read_bytes()

    def sign(claims: Mapping[str, Any], life: timedelta) -> str:
        now = utc_now()
        registered = {"iss": issuer, "aud": audience, "iat": now, "exp": now + life}
        return jwt.encode(
            {**registered, **claims}, key, algorithm=SIGNING_ALGORITHM, headers={"kid": kid}
        )

    return SigningIssuer(sign, SIGNED_LIFE)
