"""A new key for the realm's tokens, while those that the old one signed are still taken."""

from typing import Any

from kentongan.identity.keycloak import Keycloak
from kentongan.identity.realm import KEYS, es256_key


async def rotate(keycloak: Keycloak) -> str:
    """Sign with a new key from now on; the one before verifies on, those before it go.

    So a key is gone at the second rotation after its own, and twice in a row within a token's life
    refuses tokens: after a leak that is what one wants. The new key's name. Raises KeycloakRefused.
    """
    found = await keycloak.read("/components", type=KEYS)
    ours = [one for one in found if one["providerId"] == "ecdsa-generated"]
    priority = max((_priority(one) for one in ours), default=100) + 1
    number = priority - 99
    new = {**es256_key(f"es256-{number}", priority), "providerType": KEYS}
    await keycloak.write("POST", "/components", new)
    for key in ours:
        if key["config"]["active"] == ["true"]:
            passive = {**key, "config": {**key["config"], "active": ["false"]}}
            await keycloak.write("PUT", f"/components/{key['id']}", passive)
        else:
            await keycloak.write("DELETE", f"/components/{key['id']}")
    return str(new["name"])


def _priority(key: dict[str, Any]) -> int:
    return int(key["config"]["priority"][0])
