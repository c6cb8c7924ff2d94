"""Keycloak's administration over HTTP, as one who may administer a realm."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

TIMEOUT_SECONDS = 90.0
RENEWED_BEFORE_SECONDS = 15.0


class KeycloakRefused(Exception):
    """Keycloak said no, or isn't there; the text is what it said, without what was sent."""


@dataclass(frozen=True, slots=True)
class Administrator:
    """Who administers: the form by which a token is got, and the realm that gives it."""

    realm: str
    form: Mapping[str, str]


def by_password(name: str, password: str) -> Administrator:
    """An administrator of Keycloak's own realm, as its console and `kcadm` know them."""
    form = {"grant_type": "password", "client_id": "admin-cli"}
    return Administrator("master", {**form, "username": name, "password": password})


def by_client(realm: str, client_id: str, secret: str) -> Administrator:
    """A client of the realm itself that acts for itself."""
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return Administrator(realm, form)


class Keycloak:
    """One realm, and somebody who may administer it."""

    def __init__(self, http: httpx.AsyncClient, realm: str, administrator: Administrator) -> None:
        self.http = http
        self.realm = realm
        self._administrator = administrator
        self._token = ""
        self._renew_at = float("-inf")

    async def token(self, form: Mapping[str, str], *, realm: str | None = None) -> dict[str, Any]:
        """What the token endpoint answers to a form. Raises KeycloakRefused."""
        path = f"/realms/{realm or self.realm}/protocol/openid-connect/token"
        return dict(_said(await self._sent("POST", path, data=dict(form))).json())

    async def read(self, path: str, **query: str) -> Any:
        """What lies at a path of the realm's administration. Raises KeycloakRefused."""
        return (await self._ask("GET", path, query=query)).json()

    async def write(self, method: str, path: str, body: Any = None, **query: str) -> str:
        """Change something; the id of what that made, if anything. Raises KeycloakRefused."""
        answer = await self._ask(method, path, body=body, query=query)
        return str(answer.headers.get("location", "")).rsplit("/", 1)[-1]

    async def _ask(
        self, method: str, path: str, *, body: Any = None, query: Mapping[str, str]
    ) -> httpx.Response:
        if time.monotonic() > self._renew_at:
            answer = await self.token(self._administrator.form, realm=self._administrator.realm)
            self._token = answer["access_token"]
            self._renew_at = time.monotonic() + answer["expires_in"] - RENEWED_BEFORE_SECONDS
        return _said(
            await self._sent(
                method,
                f"/admin/realms/{self.realm}{path}",
                json=body,
                params=dict(query),
                headers={"authorization": f"Bearer {self._token}"},
            )
        )

    async def _sent(self, method: str, path: str, **parts: Any) -> httpx.Response:
        try:
            return await self.http.request(method, path, **parts)
        except httpx.HTTPError as error:
            raise KeycloakRefused(f"{self.http.base_url}: {type(error).__name__}") from error


@asynccontextmanager
async def administering(
    url: str, realm: str, administrator: Administrator, *, ca_file: Path | None = None
) -> AsyncIterator[Keycloak]:
    """A connection to Keycloak at its base URL; proxies of the environment are ignored."""
    verify: Any = True if ca_file is None else str(ca_file)
    async with httpx.AsyncClient(
        base_url=url, timeout=TIMEOUT_SECONDS, trust_env=False, verify=verify
    ) as http:
        yield Keycloak(http, realm, administrator)


def _said(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    try:
        found = answer.json()
    except ValueError:
        found = {}
    words = found if isinstance(found, dict) else {}
    text = words.get("error_description") or words.get("errorMessage") or words.get("error") or ""
    field = f" ({words['field']})" if "field" in words else ""
    raise KeycloakRefused(f"{answer.status_code} {text}{field}")
