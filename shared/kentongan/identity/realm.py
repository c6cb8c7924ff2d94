"""The realm for Keycloak's import, from the product's own roles and claims. It holds no secret:
Keycloak makes keys and the clients' secrets itself.
"""

from dataclasses import dataclass
from typing import Any

from kentongan.http import Role
from kentongan.identity.clients import SEASON, pages, roles_scope, scope_roles, season, token_scope
from kentongan.identity.profile import PROVIDER, user_profile

MINUTE, HOUR, DAY = 60, 3600, 86_400
ACCESS_SECONDS = 5 * MINUTE
"""With the services' leeway the longest that a revoked person's token is taken."""
KEYS = "org.keycloak.keys.KeyProvider"


@dataclass(frozen=True, slots=True)
class Mail:
    """The server by which Keycloak confirms addresses and resets passwords."""

    host: str
    port: int
    sender: str
    starttls: bool = True


@dataclass(frozen=True, slots=True)
class RealmOptions:
    """What differs from city to city."""

    city: str
    public_url: str
    """How people reach the city's pages, and Keycloak behind the same edge."""
    name: str = "kentongan"
    audience: str = "kentongan"
    residents: bool = True
    """Whether residents may register by themselves, to vote."""
    mail: Mail | None = None
    rehearsal: bool = False
    """Adds the client that `demo --against` plays with: never where a city works."""


def realm(options: RealmOptions) -> dict[str, Any]:
    """The realm, as Keycloak imports it."""
    return {
        "realm": options.name,
        "displayName": f"Kentongan {options.city}",
        "enabled": True,
        "sslRequired": "external",
        "internationalizationEnabled": True,
        "supportedLocales": ["id", "en"],
        "defaultLocale": "id",
        **_lifetimes(),
        **_logging_in(options),
        **_passwords(),
        **_events(),
        "roles": {"realm": [{"name": role.value} for role in Role]},
        "clientScopes": [token_scope(options.audience), roles_scope()],
        "scopeMappings": scope_roles(),
        "clients": [pages(options.public_url), *([season()] if options.rehearsal else [])],
        "users": _season_account() if options.rehearsal else [],
        "components": {KEYS: _keys(), PROVIDER: [user_profile()]},
        "smtpServer": {} if options.mail is None else _mail(options.mail),
    }


def _lifetimes() -> dict[str, Any]:
    """Tokens live for minutes, sessions for a working day, nothing beyond (no offline tokens)."""
    return {
        "defaultSignatureAlgorithm": "ES256",
        "accessTokenLifespan": ACCESS_SECONDS,
        "ssoSessionIdleTimeout": 30 * MINUTE,
        "ssoSessionMaxLifespan": 10 * HOUR,
        "accessCodeLifespan": MINUTE,
        "accessCodeLifespanUserAction": 10 * MINUTE,
        "accessCodeLifespanLogin": 30 * MINUTE,
        "actionTokenGeneratedByUserLifespan": HOUR,
        "actionTokenGeneratedByAdminLifespan": DAY,
        "revokeRefreshToken": True,
        "refreshTokenMaxReuse": 0,
        "rememberMe": False,
    }


def _logging_in(options: RealmOptions) -> dict[str, Any]:
    """Whoever registers is a resident, wherever they do: no role, no claim, a confirmed address."""
    return {
        "registrationAllowed": options.residents,
        "registrationEmailAsUsername": True,
        "verifyEmail": True,
        "loginWithEmailAllowed": True,
        "duplicateEmailsAllowed": False,
        "editUsernameAllowed": False,
        "resetPasswordAllowed": options.mail is not None,
    }


def _passwords() -> dict[str, Any]:
    return {
        "passwordPolicy": "length(12) and maxLength(128) and notUsername(undefined) "
        "and notEmail(undefined) and passwordHistory(5)",
        "bruteForceProtected": True,
        "permanentLockout": False,
        "failureFactor": 10,
        "waitIncrementSeconds": MINUTE,
        "maxFailureWaitSeconds": 15 * MINUTE,
        "maxDeltaTimeSeconds": 12 * HOUR,
    }


def _events() -> dict[str, Any]:
    """Who was given or lost what is kept, by ids; logins are counted by metrics, not written down.

    Keycloak's log listener writes user names and addresses, so no listener is on.
    """
    return {
        "eventsEnabled": False,
        "eventsListeners": [],
        "adminEventsEnabled": True,
        "adminEventsDetailsEnabled": False,
        "attributes": {"adminEventsExpiration": str(365 * DAY)},
    }


def es256_key(name: str, priority: int) -> dict[str, Any]:
    """A key that Keycloak makes itself; the active one of the highest priority signs."""
    config = {"priority": [str(priority)], "enabled": ["true"], "active": ["true"]}
    return {
        "name": name,
        "providerId": "ecdsa-generated",
        "config": {**config, "ecdsaEllipticCurveKey": ["P-256"]},
    }


def _keys() -> list[dict[str, Any]]:
    """ES256 for tokens; what Keycloak needs for its own cookies and codes beside it."""
    common = {"priority": ["100"], "enabled": ["true"], "active": ["true"]}
    return [
        es256_key("es256-1", 100),
        {
            "name": "own-signatures",
            "providerId": "hmac-generated",
            "config": {**common, "algorithm": ["HS512"]},
        },
        {"name": "own-secrets", "providerId": "aes-generated", "config": common},
    ]


def _mail(mail: Mail) -> dict[str, str]:
    return {
        "host": mail.host,
        "port": str(mail.port),
        "from": mail.sender,
        "starttls": str(mail.starttls).lower(),
    }


def _season_account() -> list[dict[str, Any]]:
    return [
        {
            "username": f"service-account-{SEASON}",
            "enabled": True,
            "serviceAccountClientId": SEASON,
            "clientRoles": {"realm-management": ["realm-admin"]},
        }
    ]
