"""What somebody can still do whose role was taken, and how keys change under tokens."""

import re

import httpx
import jwt
import pytest

from kentongan.domain.clock import utc_now
from kentongan.http import Role
from kentongan.http.auth.authenticator import LEEWAY_SECONDS
from kentongan.identity.clients import PAGES, RESIDENT
from kentongan.identity.realm import ACCESS_SECONDS
from tests.deploy.identity.conftest import FOREIGN, PAGES_AT, REFUSED, STAFF, City, Identity
from tests.deploy.identity.people import (
    PASSWORD,
    browser_of,
    logged_in,
    told,
    with_role,
)
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(1800)
SHORT = 5


async def shorten_tokens(identity: Identity, seconds: int | None) -> None:
    """Let the pages' tokens end soon, so that a test can wait for it; None puts it back."""
    async with identity.administering() as keycloak:
        (client,) = await keycloak.read("/clients", clientId=PAGES)
        text = "" if seconds is None else str(seconds)
        client["attributes"]["access.token.lifespan"] = text
        await keycloak.write("PUT", f"/clients/{client['id']}", client)


async def test_who_loses_everything_keeps_a_token_until_its_end(
    identity: Identity, city: City
) -> None:
    address = with_role(identity, Role.DISKOMINFO, region="36.71")
    with browser_of(identity) as browser:
        usual = told(logged_in(browser, address)["access_token"])
        assert usual["exp"] - usual["iat"] == ACCESS_SECONDS
        await shorten_tokens(identity, SHORT)
        try:
            renewed = browser.renew(logged_in(browser, address)["refresh_token"])
        finally:
            await shorten_tokens(identity, None)
        token = renewed["access_token"]
        assert city.answer(token) == STAFF

        identity.done("take", address)
        assert "access_token" not in browser.renew(renewed["refresh_token"])
        browser.ask(prompt="login")
        assert not browser.submit(username=address, password=PASSWORD).is_redirect

        ends = told(token)["exp"] + LEEWAY_SECONDS
        await eventually(lambda: city.answer(token) == REFUSED, what="the token's end")
        assert utc_now().timestamp() >= ends


def test_who_loses_a_role_has_no_more_of_it_at_the_next_login(
    identity: Identity, city: City
) -> None:
    address = with_role(identity, Role.DISKOMINFO, region="36.71")
    identity.done("give", address, "integrator")
    with browser_of(identity) as browser:
        held = logged_in(browser, address)
        assert {"diskominfo", "integrator"} < set(told(held["access_token"])["roles"])
        identity.done("take", address, "diskominfo")
        assert "access_token" not in browser.renew(held["refresh_token"])
    with browser_of(identity) as browser:
        token = logged_in(browser, address)["access_token"]
    assert set(told(token)["roles"]) == {"integrator", RESIDENT}
    assert city.answer(token) == FOREIGN


def test_who_comes_back_has_what_is_given_then_and_no_role_of_before(identity: Identity) -> None:
    address = with_role(identity, Role.DISKOMINFO, region="36.71")
    identity.done("take", address)
    identity.done("give", address, "village", "--claim=region=36.71.05")
    with browser_of(identity) as browser:
        found = told(logged_in(browser, address)["access_token"])
    assert set(found["roles"]) == {"village", RESIDENT}
    assert found["region"] == "36.71.05"


async def test_tokens_of_a_new_key_are_taken_while_those_of_the_old_still_are(
    identity: Identity, city: City
) -> None:
    address = with_role(identity, Role.DISKOMINFO, region="36.71")
    with browser_of(identity) as browser:
        before = logged_in(browser, address)["access_token"]
        assert city.answer(before) == STAFF
        name = identity.done("rotate-key").strip()
        assert re.fullmatch(r"es256-\d+", name)
    with browser_of(identity) as browser:
        after = logged_in(browser, address)["access_token"]
    old, new = (jwt.get_unverified_header(each)["kid"] for each in (before, after))
    assert old != new
    await eventually(lambda: city.answer(after) == STAFF, what="the new key's tokens")
    assert city.answer(before) == STAFF

    identity.done("rotate-key")
    certificates = f"{identity.server.realm('kentongan')}/protocol/openid-connect/certs"
    async with httpx.AsyncClient(trust_env=False) as http:
        keys = {each["kid"] for each in (await http.get(certificates)).json()["keys"]}
    assert (old in keys, new in keys) == (False, True)


def test_a_refresh_token_is_good_once(identity: Identity) -> None:
    address = with_role(identity, Role.VILLAGE, region="36.71.05")
    with browser_of(identity) as browser:
        first = logged_in(browser, address)
        assert "access_token" in browser.renew(first["refresh_token"])
        assert "access_token" not in browser.renew(first["refresh_token"])


def test_guessing_is_stopped_even_for_who_guesses_right_at_last(identity: Identity) -> None:
    address = with_role(identity, Role.VILLAGE, region="36.71.05")
    with browser_of(identity) as browser:
        browser.ask()
        for guess in range(10):
            browser.submit(username=address, password=f"{PASSWORD}{guess}")
        assert not browser.submit(username=address, password=PASSWORD).is_redirect


def test_tokens_of_keycloaks_own_clients_are_none_of_ours(identity: Identity, city: City) -> None:
    address = with_role(identity, Role.DISKOMINFO, region="36.71")
    form = {"grant_type": "password", "client_id": "admin-cli"}
    answer = httpx.post(
        f"{identity.server.realm('kentongan')}/protocol/openid-connect/token",
        data={**form, "username": address, "password": PASSWORD},
        trust_env=False,
        timeout=60,
    )
    assert city.answer(answer.json()["access_token"]) == REFUSED


def test_a_code_is_of_no_use_without_its_verifier(identity: Identity) -> None:
    address = with_role(identity, Role.VILLAGE, region="36.71.05")
    with browser_of(identity) as browser, browser_of(identity) as thief:
        browser.ask()
        arrived = browser.submit(username=address, password=PASSWORD)
        assert arrived.headers["location"].startswith(PAGES_AT)
        assert "access_token" not in thief.redeem(arrived)
        # It is used up by the attempt, also for its owner.
        assert "access_token" not in browser.redeem(arrived)


def test_keycloak_writes_nobody_down(identity: Identity) -> None:
    address = with_role(identity, Role.VILLAGE, region="36.71.05")
    with browser_of(identity) as browser:
        browser.ask()
        browser.submit(username=address, password="salah sama sekali")
        logged_in(browser, address)
    log = identity.server.log.read_text()
    assert "@kota.example" not in log
    assert "LOGIN" not in log
