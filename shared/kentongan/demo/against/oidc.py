"""The season's persons as accounts in Keycloak, with tokens by their passwords: a rehearsal's way.

People log in on pages; a season of hundreds of persons can't. So its realm has a client that may
make accounts and ask for tokens (`kentongan identity realm --rehearsal`), and is thrown away.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from kentongan.demo.clients.bearers import Bearer, Person
from kentongan.identity.keycloak import Keycloak, administering, by_client

IMPORTED_AT_ONCE = 10
"""Each password is hashed within the request, which is to end before anybody loses patience."""
TOKENS_AT_ONCE = 8
"""Keycloak's hashing of passwords is dear by intention."""
RENEWED_BEFORE_SECONDS = 60.0
PASSWORD_BYTES = 24


class OidcIssuer:
    """Makes an account for each person who is needed, and gets tokens for it."""

    def __init__(self, keycloak: Keycloak, client_id: str, client_secret: str) -> None:
        self._keycloak = keycloak
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._run = secrets.token_hex(4)
        self._numbers = count(1)
        self._accounts: dict[str, Account] = {}

    def bearer(self, person: Person) -> Bearer:
        """The person; their account is made when they first show a token."""
        if person.subject not in self._accounts:
            name = f"musim-{self._run}-{next(self._numbers)}@season.invalid"
            self._accounts[person.subject] = Account(self, person, name)
        return self._accounts[person.subject]

    async def prepare(self, bearers: Iterable[Bearer]) -> None:
        """Make their accounts in a few requests, and get everybody a token."""
        accounts = [one for one in bearers if isinstance(one, Account)]
        missing = [one for one in accounts if not one.made]
        for at in range(0, len(missing), IMPORTED_AT_ONCE):
            await self.make(missing[at : at + IMPORTED_AT_ONCE])
        gate = asyncio.Semaphore(TOKENS_AT_ONCE)

        async def ready(account: Account) -> None:
            async with gate:
                await account.token()

        await asyncio.gather(*(ready(account) for account in accounts))

    async def make(self, accounts: Sequence["Account"]) -> None:
        """Import accounts with their roles and claims. Raises KeycloakRefused."""
        users = [
            {
                "username": account.name,
                "email": account.name,
                "emailVerified": True,
                "enabled": True,
                "realmRoles": list(account.person.roles),
                "attributes": {name: [text] for name, text in account.person.claims.items()},
                "credentials": [{"type": "password", "value": account.password}],
            }
            for account in accounts
        ]
        body = {"ifResourceExists": "FAIL", "users": users}
        await self._keycloak.write("POST", "/partialImport", body)
        for account in accounts:
            account.made = True

    async def token_of(self, account: "Account") -> tuple[str, float]:
        """A token, and the seconds that it lives. Raises KeycloakRefused."""
        password = {"username": account.name, "password": account.password}
        answer = await self._keycloak.token({"grant_type": "password", **self._client, **password})
        return answer["access_token"], float(answer["expires_in"])


class Account:
    """A person's account; its token is got anew shortly before it ends."""

    def __init__(self, issuer: OidcIssuer, person: Person, name: str) -> None:
        self.person = person
        self.name = name
        self.password = secrets.token_urlsafe(PASSWORD_BYTES)
        self.made = False
        self._issuer = issuer
        self._token = ""
        self._renew_at = float("-inf")
        self._lock = asyncio.Lock()

    async def token(self) -> str:
        """A token that is still valid for a while. Raises KeycloakRefused."""
        async with self._lock:
            if not self.made:
                await self._issuer.make([self])
            if time.monotonic() > self._renew_at:
                self._token, seconds = await self._issuer.token_of(self)
                self._renew_at = time.monotonic() + seconds - RENEWED_BEFORE_SECONDS
            return self._token


@asynccontextmanager
async def oidc_issuer(
    realm_url: str, client_id: str, client_secret: str, ca_file: Path | None
) -> AsyncIterator[OidcIssuer]:
    """The issuer of a realm, as `…/realms/NAME` is reached from here."""
    url, _, realm = realm_url.rpartition("/realms/")
    administrator = by_client(realm, client_id, client_secret)
    async with administering(url, realm, administrator, ca_file=ca_file) as keycloak:
        yield OidcIssuer(keycloak, client_id, client_secret)
