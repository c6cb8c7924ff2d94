"""Whoever gives the season's persons their tokens, as the file says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import assert_never

from kentongan.demo.against.oidc import oidc_issuer
from kentongan.demo.against.target import (
    AnyTokens,
    DevelopmentTokens,
    OidcTokens,
    SigningKeyTokens,
)
from kentongan.demo.clients.bearers import Issuer, development_issuer, key_issuer


@asynccontextmanager
async def issuing(tokens: AnyTokens) -> AsyncIterator[Issuer]:
    """The issuer that the file names, while the season goes on."""
    match tokens:
        case DevelopmentTokens():
            yield development_issuer()
        case SigningKeyTokens():
            yield key_issuer(
                key_file=tokens.key_file,
                kid=tokens.kid,
                issuer=tokens.issuer,
                audience=tokens.audience,
            )
        case OidcTokens():
            async with oidc_issuer(
                tokens.realm_url, tokens.client_id, tokens.secret, tokens.ca_file
            ) as issuer:
                yield issuer
        case _:
            assert_never(tokens)
