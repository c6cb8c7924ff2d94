"""Who is let in: tokens, roles, regions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest

from kentongan.domain.clock import utc_now
from kentongan.http import Caller, Role, authenticator, sign_development_token
from kentongan.http.auth.development_key import PRIVATE_KEY, PUBLIC_KEY
from kentongan.http.problems.refusals import InvalidToken
from kentongan.settings import AuthSettings
from tests.unit.http.provider import CLAIMS, ED, ES, OTHER_ES, RS, Provider, token


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(ES, "ES256", "es"), (RS, "RS256", "rs"), (ED, "EdDSA", "ed")]
)
async def test_pinned_algorithms_are_trusted(key: Any, algorithm: str, kid: str) -> None:
    caller = (
        await Provider()
        .authenticator()
        .caller(token(key, algorithm, kid, roles=["village", "kim", "accountant"], kim_id="k-1"))
    )
    assert caller == Caller(
        sub="u-1", roles=frozenset({Role.VILLAGE, Role.KIM}), region="36.71", kim_id="k-1"
    )


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (lambda: token(exp=int(utc_now().timestamp()) - 60), "expired"),
        (lambda: token(nbf=int(utc_now().timestamp()) + 120), "not valid yet"),
        (lambda: token(iss="https://other.test"), "wrong issuer"),
        (lambda: token(aud="other"), "wrong audience"),
        (lambda: token(exp=None), "a required claim is missing"),
        (lambda: token(aud=None), "a required claim is missing"),
        (lambda: token(OTHER_ES), "wrong signature"),
        (lambda: token(RS, "RS256", "es"), "wrong algorithm"),
        (lambda: token(kid="unknown"), "unknown key"),
        (lambda: token(kid=None), "no key id"),
        (lambda: token("secret-secret-secret-secret-secret", "HS256", "hs"), "unknown key"),
        (lambda: token("", "none", "es"), "wrong algorithm"),
        (lambda: token(PRIVATE_KEY, kid="development"), "unknown key"),
        (lambda: token(roles=None), "claims: roles"),
        (lambda: token(roles="diskominfo"), "claims: roles"),
        (lambda: token(region="36.7"), "claims: region"),
        (lambda: token(kim_id=7, judge_id=""), "claims: judge_id kim_id"),
        (lambda: token(sub="a\x00b"), "claims: sub"),
        (lambda: "abc", "not a token"),
        (lambda: "a.b.c", "not a token"),
        (lambda: "x" * 9000, "too long"),
    ],
)
# Signed when the test runs: one signed at collection would be older than its own bounds.
async def test_a_bad_token_is_refused_with_a_word(bad: Callable[[], str], reason: str) -> None:
    with pytest.raises(InvalidToken) as refused:
        await Provider().authenticator().caller(bad())
    assert refused.value.reason == reason


async def test_the_development_key_opens_nothing_in_production() -> None:
    signed = sign_development_token(CLAIMS)
    provider = Provider()
    assert (await provider.authenticator(development=True).caller(signed)).sub == "u-1"
    with pytest.raises(InvalidToken):
        await provider.authenticator().caller(signed)
    settings = AuthSettings(jwks_url=None, jwks_file=None)
    assert (await authenticator(settings, "development").caller(signed)).sub == "u-1"
    with pytest.raises(InvalidToken):
        await authenticator(settings, "production").caller(signed)


async def test_a_development_token_expires_and_keeps_to_its_algorithm() -> None:
    trusted = Provider().authenticator(development=True)
    with pytest.raises(InvalidToken, match="invalid-token"):
        await trusted.caller(sign_development_token(CLAIMS, timedelta(minutes=-5)))
    forged = jwt.encode({**CLAIMS}, "x" * 32, algorithm="HS256", headers={"kid": "development"})
    with pytest.raises(InvalidToken):
        await trusted.caller(forged)
    assert "PUBLIC" in PUBLIC_KEY


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Basic dTpw", "Token abc"])
async def test_no_token_is_a_challenge(
    client: httpx.AsyncClient, post: dict[str, Any], header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = await client.post("/v1/posts", json=post, headers=headers)
    assert (response.status_code, response.json()["rule"]) == (401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="kentongan"'


async def test_a_bad_token_is_a_challenge_that_says_why(
    client: httpx.AsyncClient, post: dict[str, Any]
) -> None:
    expired = sign_development_token(CLAIMS, timedelta(hours=-1))
    headers = {"Authorization": f"Bearer {expired}"}
    response = await client.post("/v1/posts", json=post, headers=headers)
    assert (response.status_code, response.json()["rule"]) == (401, "invalid-token")
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]
    assert "expired" in response.headers["WWW-Authenticate"]
    assert expired not in response.text


async def test_the_public_needs_no_token_but_a_bad_one_is_no_good(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    assert (await client.get("/v1/posts")).status_code == 200
    assert (await client.get("/v1/posts", headers=bearer("kim"))).status_code == 200
    bad = await client.get("/v1/posts", headers={"Authorization": "Bearer x"})
    assert bad.status_code == 401


async def test_a_wrong_role_is_refused_before_the_body_is_looked_at(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    response = await client.post("/v1/posts", json={"seats": 0}, headers=bearer("student"))
    assert (response.status_code, response.json()["rule"]) == (403, "wrong-role")
    assert "diskominfo, village" in response.json()["detail"]


@pytest.mark.parametrize("region", ["36.72", "36.71.02", "36.71.01.1002", None])
async def test_a_foreign_region_is_refused(
    client: httpx.AsyncClient, bearer: Any, store: Any, post: dict[str, Any], region: str | None
) -> None:
    headers = bearer("village", region=region)
    response = await client.post("/v1/posts", json=post, headers=headers)
    assert (response.status_code, response.json()["rule"]) == (403, "foreign-region")
    assert store.posts == {}
