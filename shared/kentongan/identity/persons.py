"""Who gets which role and claims, and who loses them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kentongan.http import Role
from kentongan.identity.claims import narrowing_claims, needed_claims
from kentongan.identity.clients import integrator
from kentongan.identity.keycloak import Keycloak

PASSWORD_BYTES = 18
UPDATE_PASSWORD = "UPDATE_PASSWORD"  # noqa: S105 - the name of what a person has to do


class ClaimsLacking(Exception):
    """The role can do nothing without these claims."""

    def __init__(self, role: Role, claims: frozenset[str]) -> None:
        names = ", ".join(sorted(claims))
        super().__init__(f"{role}: kurang / lacks {names}")
        self.claims = claims


class PersonUnknown(Exception):
    """Nobody of this address is in the realm."""


@dataclass(frozen=True, slots=True)
class Given:
    """What became of it. `password` is a first one, shown once, where no mail could be sent."""

    user_id: str
    made: bool
    password: str | None = None


async def give(keycloak: Keycloak, email: str, role: Role, claims: Mapping[str, str]) -> Given:
    """Give a person a role with its claims; who isn't there yet is made, and chooses a password.

    Claims that were given before stay; who never chose a password gets the way to it once more.
    Raises ClaimsLacking and KeycloakRefused.
    """
    found = await _find(keycloak, email)
    held = {name: values[0] for name, values in (found or {}).get("attributes", {}).items()}
    kept = {name: held[name] for name in narrowing_claims() if name in held}
    all_claims = {**kept, **claims}
    if lacking := needed_claims(role) - all_claims.keys():
        raise ClaimsLacking(role, lacking)
    attributes = {name: [value] for name, value in all_claims.items()}
    if found is None:
        user_id = await keycloak.write("POST", "/users", _new(email, attributes))
    else:
        user_id = found["id"]
        back = {**found, "attributes": attributes, "enabled": True}
        await keycloak.write("PUT", f"/users/{user_id}", back)
    await _add_role(keycloak, user_id, role)
    waiting = found is None or UPDATE_PASSWORD in found.get("requiredActions", ())
    password = await _let_in(keycloak, user_id) if waiting else None
    return Given(user_id, made=found is None, password=password)


async def take(keycloak: Keycloak, email: str, role: Role | None = None) -> None:
    """Take a role, or all of them and the claims: the account is disabled. Sessions end at once.

    Raises PersonUnknown and KeycloakRefused.
    """
    found = await _find(keycloak, email)
    if found is None:
        raise PersonUnknown(email)
    path = f"/users/{found['id']}/role-mappings/realm"
    taken = {role} if role is not None else set(Role)
    held = [one for one in await keycloak.read(path) if one["name"] in taken]
    await keycloak.write("DELETE", path, held)
    if role is None:
        await keycloak.write(
            "PUT", f"/users/{found['id']}", {**found, "enabled": False, "attributes": {}}
        )
    await keycloak.write("POST", f"/users/{found['id']}/logout")


async def admit_system(keycloak: Keycloak, client_id: str, region: str) -> str:
    """A client for an integrator's system, with the role and a region; its secret.

    Raises KeycloakRefused.
    """
    made = await keycloak.write("POST", "/clients", integrator(client_id))
    account = await keycloak.read(f"/clients/{made}/service-account-user")
    path = f"/users/{account['id']}"
    await keycloak.write("PUT", path, {**account, "attributes": {"region": [region]}})
    await _add_role(keycloak, account["id"], Role.INTEGRATOR)
    return str((await keycloak.read(f"/clients/{made}/client-secret"))["value"])


async def _find(keycloak: Keycloak, email: str) -> dict[str, Any] | None:
    found = await keycloak.read("/users", username=email.lower(), exact="true")
    return found[0] if found else None


def _new(email: str, attributes: Mapping[str, list[str]]) -> dict[str, Any]:
    """The office vouches for the address; the person chooses the password."""
    return {
        "username": email,
        "email": email,
        "emailVerified": True,
        "enabled": True,
        "attributes": attributes,
        "requiredActions": [UPDATE_PASSWORD],
    }


async def _let_in(keycloak: Keycloak, user_id: str) -> str | None:
    """A link by mail to choose a password; without a mail server, a password to be changed."""
    if (await keycloak.read(""))["smtpServer"]:
        await keycloak.write("PUT", f"/users/{user_id}/execute-actions-email", [UPDATE_PASSWORD])
        return None
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    credential = {"type": "password", "value": password, "temporary": True}
    await keycloak.write("PUT", f"/users/{user_id}/reset-password", credential)
    return password


async def _add_role(keycloak: Keycloak, user_id: str, role: Role) -> None:
    found = await keycloak.read(f"/roles/{role}")
    await keycloak.write("POST", f"/users/{user_id}/role-mappings/realm", [found])
