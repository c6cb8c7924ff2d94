"""The development key: public by intention, so that a token needs no identity provider.

Anyone can sign with it. It is trusted only where the settings' environment is `development`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt

from kentongan.domain.clock import utc_now

DEVELOPMENT_KID = "development"
DEVELOPMENT_ISSUER = "urn:kentongan:development"
DEVELOPMENT_AUDIENCE = "kentongan"
DEVELOPMENT_ALGORITHM = "ES256"

PRIVATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgS8Q/CxeQosHBzk2G
EnyD/jamqxXmi7KXN6uBdDwMZfyhRANCAASAEkZd+uRABv55NKCWeAcowANQyVoW
ua2+ApzZpR8/uJMiLBaIVNOwWjSiwT1ug9DYq1Nh7sfFndLTKT0Ik8xS
-----END PRIVATE KEY-----
"""

PUBLIC_KEY = """\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEgBJGXfrkQAb+eTSglngHKMADUMla
FrmtvgKc2aUfP7iTIiwWiFTTsFo0osE9boPQ2KtTYe7HxZ3S0yk9CJPMUg==
-----END PUBLIC KEY-----
"""


def sign_development_token(claims: Mapping[str, Any], ttl: timedelta = timedelta(hours=8)) -> str:
    """A token for these claims (`sub`, `roles`, `region`, …), valid from now for `ttl`."""
    issued = utc_now()
    registered = {
        "iss": DEVELOPMENT_ISSUER,
        "aud": DEVELOPMENT_AUDIENCE,
        "iat": issued,
        "exp": issued + ttl,
    }
    return jwt.encode(
        {**registered, **claims},
        PRIVATE_KEY,
        algorithm=DEVELOPMENT_ALGORITHM,
        headers={"kid": DEVELOPMENT_KID},
    )
