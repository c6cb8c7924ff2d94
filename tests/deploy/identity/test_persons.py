"""Who gets which token: staff by the office's commands, residents by themselves, nobody more."""

import re
import secrets
from typing import Any

import httpx
import jwt
import pytest

from kentongan.http import Role
from kentongan.identity.claims import narrowing_claims, needed_claims
from kentongan.identity.clients import RESIDENT
from tests.deploy.identity.browser import Browser
from tests.deploy.identity.conftest import BY_HAND, FOREIGN, STAFF, City, Identity
from tests.deploy.identity.people import (
    PASSWORD,
    address_of_nobody,
    browser_of,
    logged_in,
    told,
    with_role,
)

pytestmark = pytest.mark.timeout(1800)
OF_A_TOKEN = {"exp", "iat", "jti", "iss", "aud", "sub", "typ", "azp", "sid", "scope", "acr"}
VALUES = {"region": "36.71.05", "kim_id": "kim-1", "university_id": "budi-luhur"}


@pytest.mark.parametrize("role", list(Role))
def test_a_person_of_each_role_is_who_the_office_says(
    identity: Identity, city: City, role: Role
) -> None:
    claims = {name: VALUES.get(name, f"{name}-1") for name in needed_claims(role)}
    address = with_role(identity, role, **claims)
    with browser_of(identity) as browser:
        token = logged_in(browser, address)["access_token"]
    found = told(token)
    assert set(found["roles"]) == {role.value, RESIDENT}
    assert {name: found[name] for name in claims} == claims
    # Nobody's name, and no address: the services need neither.
    assert found.keys() <= OF_A_TOKEN | {"roles"} | narrowing_claims().keys()
    assert address not in str(found)
    assert jwt.get_unverified_header(token)["alg"] == "ES256"
    assert city.answer(token) == (STAFF if role is Role.DISKOMINFO else FOREIGN)


def test_a_role_without_its_claims_is_refused_before_anything_is_changed(
    identity: Identity,
) -> None:
    address = address_of_nobody()
    refused = identity.command("give", address, "student", "--claim=region=36.71")
    assert refused.returncode == 1
    assert "--claim student_id=…" in refused.stderr
    wrong = identity.command("give", address, "village", "--claim=region=Banten")
    assert (wrong.returncode, "region" in wrong.stderr) == (1, True)
    unknown = identity.command("take", address)
    assert (unknown.returncode, "tidak ada" in unknown.stderr.lower()) == (1, True)


def test_without_a_mail_server_a_first_password_is_printed_and_must_be_changed(
    identity: Identity,
) -> None:
    address = address_of_nobody()
    printed = identity.done("give", address, "diskominfo", "--claim=region=36.71", realm=BY_HAND)
    password = re.findall(r": (\S+)$", printed.strip())[0]
    with browser_of(identity, BY_HAND) as browser:
        browser.ask()
        browser.submit(username=address, password=password)
        # A short one is no password.
        browser.submit(**{"password-new": "pendek", "password-confirm": "pendek"})
        arrived = browser.submit(**{"password-new": PASSWORD, "password-confirm": PASSWORD})
        assert "diskominfo" in told(browser.tokens(arrived)["access_token"])["roles"]


def register(identity: Identity, browser: Browser, **more: str) -> dict[str, Any]:
    """A resident's way in, with whatever else they write into the form."""
    address = address_of_nobody()
    browser.ask()
    browser.follow()
    browser.submit(email=address, **more)
    # First the address is confirmed, then a password is chosen.
    browser.follow(identity.mails.link_to(address))
    return browser.tokens(
        browser.submit(**{"password-new": PASSWORD, "password-confirm": PASSWORD})
    )


def test_who_registers_is_a_resident_whatever_they_write_into_the_form(
    identity: Identity, city: City
) -> None:
    wishes = {"region": "36.71", "user.attributes.region": "36.71", "roles": "diskominfo"}
    with browser_of(identity) as browser:
        token = register(identity, browser, **wishes)["access_token"]
    assert told(token)["roles"] == [RESIDENT]
    assert not told(token).keys() & narrowing_claims().keys()
    # Believed, and no more than a resident: they may vote.
    assert city.answer(token) == FOREIGN


def test_nobody_registers_where_the_city_said_so(identity: Identity) -> None:
    with browser_of(identity, BY_HAND) as browser:
        browser.ask()
        assert "registration" not in browser.page


async def test_nobody_gives_themselves_a_region(identity: Identity) -> None:
    address = with_role(identity, Role.VILLAGE, region="36.71.05")
    with browser_of(identity) as browser:
        logged_in(browser, address)
        browser.ask(kc_action="UPDATE_PROFILE")
        # The page shows the region, and takes nothing for it.
        assert "36.71.05" in browser.page
        arrived = browser.submit(email=address, region="36", kim_id="kim-1", judge_id="juri-1")
        token = browser.tokens(arrived)["access_token"] if arrived.is_redirect else ""
    async with identity.administering() as keycloak:
        (found,) = await keycloak.read("/users", username=address, exact="true")
    assert found["attributes"] == {"region": ["36.71.05"]}
    assert not token or told(token)["region"] == "36.71.05"


def test_an_integrators_system_acts_for_itself(identity: Identity, city: City) -> None:
    name = f"portal-{secrets.token_hex(3)}"
    secret = identity.done("integrator", name, "--region", "36.71").strip()
    answer = httpx.post(
        f"{identity.server.realm('kentongan')}/protocol/openid-connect/token",
        data={"grant_type": "client_credentials", "client_id": name, "client_secret": secret},
        trust_env=False,
        timeout=60,
    ).json()
    found = told(answer["access_token"])
    assert (set(found["roles"]), found["region"]) == ({"integrator", RESIDENT}, "36.71")
    assert "refresh_token" not in answer or not answer["refresh_token"]
    assert city.answer(answer["access_token"]) == FOREIGN
