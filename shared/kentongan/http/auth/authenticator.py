"""Bearer tokens: which are trusted, and who their caller is."""

from collections.abc import Mapping
from typing import Annotated, Any

import jwt
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from kentongan.domain.regions import RegionCode
from kentongan.http.auth.callers import Caller, Role
from kentongan.http.auth.development_key import (
    DEVELOPMENT_ALGORITHM,
    DEVELOPMENT_AUDIENCE,
    DEVELOPMENT_ISSUER,
    DEVELOPMENT_KID,
    PUBLIC_KEY,
)
from kentongan.http.auth.key_documents import ReadKeySet, key_set_file, key_set_url
from kentongan.http.auth.keys import KeySet
from kentongan.http.problems.refusals import InvalidToken
from kentongan.settings import AuthSettings

LEEWAY_SECONDS = 30
TOKEN_LIMIT = 8192

_Id = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")]


class Claims(BaseModel):
    """The claims that we read; others are the provider's affair."""

    model_config = ConfigDict(extra="ignore", strict=True)

    sub: _Id
    roles: list[str]
    region: RegionCode | None = None
    kim_id: _Id | None = None
    university_id: _Id | None = None
    student_id: _Id | None = None
    judge_id: _Id | None = None

    def caller(self) -> Caller:
        """Roles of other systems in the same token are ignored."""
        known = frozenset(Role(role) for role in self.roles if role in set(Role))
        return Caller(roles=known, **self.model_dump(exclude={"roles"}))


class Authenticator:
    """Turns a token into its caller, or refuses it with a word that says why."""

    def __init__(
        self,
        *,
        keys: KeySet | None,
        issuer: str,
        audience: str,
        development: bool = False,
    ) -> None:
        self.keys = keys
        """Where the tokens' keys come from; None where only the development key is trusted."""
        self._issuer = issuer
        self._audience = audience
        self._development = development

    async def caller(self, token: str) -> Caller:
        """The caller of a valid token. Raises InvalidToken (401) or KeysUnavailable (503)."""
        if len(token) > TOKEN_LIMIT:
            raise InvalidToken("too long")
        kid = _key_id(token)
        if self._development and kid == DEVELOPMENT_KID:
            claims = _decoded(
                token, PUBLIC_KEY, DEVELOPMENT_ALGORITHM, DEVELOPMENT_ISSUER, DEVELOPMENT_AUDIENCE
            )
        else:
            key = await self.keys.key(kid) if self.keys is not None else None
            if key is None:
                raise InvalidToken("unknown key")
            claims = _decoded(token, key, key.algorithm_name, self._issuer, self._audience)
        try:
            return Claims.model_validate(claims).caller()
        except ValidationError as error:
            fields = sorted({str(fault["loc"][0]) for fault in error.errors()})
            raise InvalidToken(f"claims: {' '.join(fields)}") from None


def key_set_of(settings: AuthSettings) -> ReadKeySet | None:
    """Reads the key set that the settings name; None where they name none."""
    if settings.jwks_url is not None:
        return key_set_url(settings.jwks_url)
    return None if settings.jwks_file is None else key_set_file(settings.jwks_file)


def authenticator(settings: AuthSettings, environment: str) -> Authenticator:
    """The authenticator that the settings describe; a process makes one and keeps it."""
    read = key_set_of(settings)
    return Authenticator(
        keys=None if read is None else KeySet(read, settings.algorithms),
        issuer=settings.issuer,
        audience=settings.audience,
        development=environment == "development",
    )


def _key_id(token: str) -> str:
    try:
        kid = jwt.get_unverified_header(token).get("kid")
    except jwt.PyJWTError:
        raise InvalidToken("not a token") from None
    if not isinstance(kid, str):
        raise InvalidToken("no key id")
    return kid


_REASONS: Mapping[type[jwt.PyJWTError], str] = {
    jwt.ExpiredSignatureError: "expired",
    jwt.ImmatureSignatureError: "not valid yet",
    jwt.InvalidIssuerError: "wrong issuer",
    jwt.InvalidAudienceError: "wrong audience",
    jwt.InvalidAlgorithmError: "wrong algorithm",
    jwt.InvalidSignatureError: "wrong signature",
    jwt.MissingRequiredClaimError: "a required claim is missing",
}


def _decoded(
    token: str, key: jwt.PyJWK | str, algorithm: str, issuer: str, audience: str
) -> dict[str, Any]:
    """The algorithm is the key's, never the token's."""
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise InvalidToken(_REASONS.get(type(error), "not valid")) from None
