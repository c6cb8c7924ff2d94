"""People of the tests: how they come, choose a password, log in, and what their token says."""

import secrets
from typing import Any

import jwt

from kentongan.http import Role
from tests.deploy.identity.browser import Browser
from tests.deploy.identity.conftest import PAGES_AT, Identity

PASSWORD = "kata sandi yang panjang sekali"


def address_of_nobody() -> str:
    return f"orang-{secrets.token_hex(4)}@kota.example"


def told(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def browser_of(identity: Identity, realm: str = "kentongan") -> Browser:
    return Browser(identity.server.realm(realm), PAGES_AT)


def first_password(identity: Identity, address: str) -> None:
    """The link that came by mail, once and with a password of their own."""
    with browser_of(identity) as browser:
        browser.follow(identity.mails.link_to(address))
        if "password-new" not in browser.page:
            browser.follow()
        browser.submit(**{"password-new": PASSWORD, "password-confirm": PASSWORD})


def logged_in(browser: Browser, address: str, password: str = PASSWORD) -> dict[str, Any]:
    """The tokens of a login, or of the session that this browser has already."""
    arrived = browser.ask()
    if not arrived.is_redirect:
        arrived = browser.submit(username=address, password=password)
    return browser.tokens(arrived)


def with_role(identity: Identity, role: Role, **claims: str) -> str:
    """Somebody to whom the office gave a role, and who has chosen a password."""
    address = address_of_nobody()
    words = [f"--claim={name}={value}" for name, value in claims.items()]
    identity.done("give", address, role.value, *words)
    first_password(identity, address)
    return address
