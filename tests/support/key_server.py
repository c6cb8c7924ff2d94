"""An identity provider as an address: it may be slow, away for a while, or rotate its key."""

import asyncio
import json
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from kentongan.domain.clock import utc_now

ISSUER = "https://masuk.kota.test"


class KeyServer:
    """Serves a key set on a loopback port. While `open` is cleared, nobody is answered."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = asyncio.Event()
        self.open.set()
        self._keys: dict[str, ec.EllipticCurvePrivateKey] = {}
        self._server: asyncio.Server | None = None
        self.rotate("first")

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self.open.set()
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where the key set is."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/jwks"

    @property
    def document(self) -> bytes:
        """The key set of now."""
        keys = [
            {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "alg": "ES256"}
            for kid, key in self._keys.items()
        ]
        return json.dumps({"keys": keys}).encode()

    def rotate(self, kid: str) -> None:
        """Sign with another key from now on; the old ones are withdrawn."""
        self._keys = {kid: ec.generate_private_key(ec.SECP256R1())}

    def token(self, **claims: Any) -> str:
        """Signed with the key of now."""
        ((kid, key),) = self._keys.items()
        now = int(utc_now().timestamp())
        registered = {"iss": ISSUER, "aud": "kentongan", "iat": now, "exp": now + 600}
        payload = {**registered, "sub": "u-1", "roles": ["diskominfo"], "region": "36.71", **claims}
        return jwt.encode(payload, key, algorithm="ES256", headers={"kid": kid})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        await reader.readuntil(b"\r\n\r\n")
        await self.open.wait()
        document = self.document
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(document) + document)
        await writer.drain()
        writer.close()
