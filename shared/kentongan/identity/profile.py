"""Keycloak's user profile: what is known of a person there, and who may change it."""

import json
from collections.abc import Mapping
from typing import Any

from kentongan.identity.claims import narrowing_claims

PERSON = ["admin", "user"]
OFFICE = ["admin"]
PROVIDER = "org.keycloak.userprofile.UserProfileProvider"


def user_profile() -> dict[str, Any]:
    """The realm's component. Claims are the office's to set: nobody gives themselves a region.

    No other attribute can be set by anybody (no policy for unmanaged ones), and no name is asked.
    """
    profile = {
        "attributes": [
            {
                "name": "username",
                "validations": {"length": {"min": 3, "max": 255}},
                "permissions": {"view": PERSON, "edit": PERSON},
            },
            {
                "name": "email",
                "validations": {"email": {}, "length": {"max": 255}},
                "required": {"roles": ["user"]},
                "permissions": {"view": PERSON, "edit": PERSON},
            },
            *(_claim(name, schema) for name, schema in narrowing_claims().items()),
        ]
    }
    return {
        "providerId": "declarative-user-profile",
        "config": {"kc.user.profile.config": [json.dumps(profile)]},
    }


def _claim(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    validations: dict[str, Any] = {"length": {"min": 1, "max": schema.get("maxLength", 128)}}
    if "pattern" in schema:
        validations["pattern"] = {"pattern": schema["pattern"]}
    return {
        "name": name,
        "multivalued": False,
        "validations": validations,
        "permissions": {"view": PERSON, "edit": OFFICE},
    }
