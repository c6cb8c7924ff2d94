"""An identity provider of the test's own: a key, its key set, and tokens signed with it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kentongan.domain.clock import utc_now

ISSUER, KID, AUDIENCE = "https://auth.kota.test/realms/kentongan", "city-1", "kentongan"


@dataclass
class Issuer:
    """Keeps its private key in a folder, for the season to sign with too."""

    folder: Path

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (self.folder / "key.pem").write_bytes(pem)

    def key_set(self) -> str:
        """The public half, as services read it."""
        algorithm = jwt.get_algorithm_by_name("ES256")
        public = algorithm.to_jwk(self._key.public_key(), as_dict=True)
        return json.dumps({"keys": [{**public, "kid": KID, "use": "sig", "alg": "ES256"}]})

    def named(self) -> dict[str, str]:
        """As the season's file names it."""
        key_file = str(self.folder / "key.pem")
        return {"kind": "signing-key", "key_file": key_file, "kid": KID, "issuer": ISSUER}

    def token(self, **claims: Any) -> str:
        """A token that is good for hours."""
        now = utc_now()
        stated = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + timedelta(hours=4)}
        pem = (self.folder / "key.pem").read_bytes()
        return jwt.encode({**stated, **claims}, pem, algorithm="ES256", headers={"kid": KID})
