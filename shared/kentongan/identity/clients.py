"""The realm's clients: pages that people use, and the scope that makes a token one of ours."""

from typing import Any

from kentongan.http import Role
from kentongan.identity.claims import ROLES_CLAIM, narrowing_claims

SCOPE, ROLES_SCOPE = "kentongan", "kentongan-roles"
PAGES, SEASON = "kentongan-pages", "kentongan-season"
RESIDENT = "resident"
"""No role of the programme. Keycloak leaves an empty list of roles out of a token altogether, and a
token without `roles` is none of the services': so everybody's says at least this."""


def token_scope(audience: str) -> dict[str, Any]:
    """What a client's tokens carry: subject, audience, roles, claims; no name, no address."""
    return {
        "name": SCOPE,
        "protocol": "openid-connect",
        "attributes": {"include.in.token.scope": "false", "display.on.consent.screen": "false"},
        "protocolMappers": [
            _mapper("subject", "oidc-sub-mapper", {}),
            _mapper("audience", "oidc-audience-mapper", {"included.custom.audience": audience}),
            _mapper("everybody", "oidc-hardcoded-role-mapper", {"role": RESIDENT}),
            _mapper(
                ROLES_CLAIM,
                "oidc-usermodel-realm-role-mapper",
                {"claim.name": ROLES_CLAIM, "multivalued": "true", "jsonType.label": "String"},
            ),
            *(
                _mapper(
                    name,
                    "oidc-usermodel-attribute-mapper",
                    {"user.attribute": name, "claim.name": name, "jsonType.label": "String"},
                )
                for name in narrowing_claims()
            ),
        ],
    }


def roles_scope() -> dict[str, Any]:
    """Lets the programme's roles into a token, and none of Keycloak's own.

    A scope of its own: Keycloak keeps one with roles, and all that it maps, from who has none.
    """
    return {
        "name": ROLES_SCOPE,
        "protocol": "openid-connect",
        "attributes": {"include.in.token.scope": "false", "display.on.consent.screen": "false"},
    }


def scope_roles() -> list[dict[str, Any]]:
    """Which roles that scope lets in: all of the programme."""
    return [{"clientScope": ROLES_SCOPE, "roles": [role.value for role in Role]}]


def pages(public_url: str) -> dict[str, Any]:
    """A public client for pages in a browser: the code flow with PKCE, and nothing else."""
    return {
        **_client(PAGES),
        "publicClient": True,
        "standardFlowEnabled": True,
        "redirectUris": [f"{public_url}/*"],
        "webOrigins": [public_url],
        "attributes": {"pkce.code.challenge.method": "S256", "post.logout.redirect.uris": "+"},
    }


def integrator(client_id: str) -> dict[str, Any]:
    """A confidential client for somebody else's system, which acts for itself."""
    return {**_client(client_id), "publicClient": False, "serviceAccountsEnabled": True}


def season() -> dict[str, Any]:
    """For rehearsals: makes the season's persons, and gets their tokens by their passwords.

    Its scope is all: what administers a realm must be in the scope of whoever does so.
    """
    return {**integrator(SEASON), "directAccessGrantsEnabled": True, "fullScopeAllowed": True}


def _client(client_id: str) -> dict[str, Any]:
    return {
        "clientId": client_id,
        "protocol": "openid-connect",
        "enabled": True,
        "fullScopeAllowed": False,
        "standardFlowEnabled": False,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": False,
        "defaultClientScopes": [SCOPE, ROLES_SCOPE],
        "optionalClientScopes": [],
    }


def _mapper(name: str, kind: str, config: dict[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "protocol": "openid-connect",
        "protocolMapper": kind,
        "config": {
            "access.token.claim": "true",
            "introspection.token.claim": "true",
            "id.token.claim": "false",
            "userinfo.token.claim": "false",
            **config,
        },
    }
