"""An identity provider with keys of every pinned algorithm, and the tokens that it signs."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from kentongan.domain.clock import utc_now
from kentongan.http import Authenticator
from kentongan.http.auth.keys import KeySet

ISSUER, AUDIENCE = "https://masuk.kota.test", "kentongan"
CLAIMS = {"sub": "u-1", "roles": ["village"], "region": "36.71"}
ES, OTHER_ES = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
RS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED = ed25519.Ed25519PrivateKey.generate()
KEYS: list[dict[str, Any]] = [
    {**ECAlgorithm.to_jwk(ES.public_key(), as_dict=True), "kid": "es", "alg": "ES256"},
    {**RSAAlgorithm.to_jwk(RS.public_key(), as_dict=True), "kid": "rs", "use": "sig"},
    {**OKPAlgorithm.to_jwk(ED.public_key(), as_dict=True), "kid": "ed"},
    {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYw", "kid": "hs", "alg": "HS256"},
    {"kty": "who knows", "kid": "odd"},
]


class Provider:
    """An identity provider's key set, with a count of how often it was read."""

    def __init__(self) -> None:
        self.document = json.dumps({"keys": KEYS}).encode()
        self.reads = 0
        self.now = 1000.0
        self.away = False
        self.gate = asyncio.Event()
        """While it is cleared, nobody is answered."""
        self.gate.set()

    async def read(self) -> bytes:
        self.reads += 1
        await self.gate.wait()
        if self.away:
            raise httpx.ConnectError("away")
        return self.document

    def keys(self, on_read: Callable[[], None] = lambda: None) -> KeySet:
        return KeySet(
            self.read,
            ["ES256", "RS256", "EdDSA"],
            monotonic=lambda: self.now,
            on_read=on_read,
        )

    def authenticator(self, *, development: bool = False) -> Authenticator:
        return Authenticator(
            keys=self.keys(), issuer=ISSUER, audience=AUDIENCE, development=development
        )


def token(key: Any = ES, algorithm: str = "ES256", kid: Any = "es", **claims: Any) -> str:
    now = int(utc_now().timestamp())
    registered = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 60}
    merged = {
        name: value
        for name, value in {**registered, **CLAIMS, **claims}.items()
        if value is not None
    }
    return jwt.encode(merged, key, algorithm=algorithm, headers={"kid": kid} if kid else None)
