"""What services read in a token, by a walk over what they declare; which role needs what."""

from collections.abc import Mapping
from typing import Any, assert_never

from kentongan.http import Role
from kentongan.http.auth.authenticator import Claims

ROLES_CLAIM = "roles"
_OF_THE_TOKEN = frozenset({"sub", ROLES_CLAIM})


def narrowing_claims() -> dict[str, dict[str, Any]]:
    """The claims that say over whom a role holds, each with what JSON Schema says of its text."""
    properties: Mapping[str, Any] = Claims.model_json_schema()["properties"]
    return {
        name: next(kind for kind in field["anyOf"] if kind.get("type") == "string")
        for name, field in properties.items()
        if name not in _OF_THE_TOKEN
    }


def needed_claims(role: Role) -> frozenset[str]:
    """The claims without which a person of this role can do nothing."""
    match role:
        case Role.DISKOMINFO | Role.VILLAGE | Role.INTEGRATOR:
            return frozenset({"region"})
        case Role.KIM:
            return frozenset({"region", "kim_id"})
        case Role.CAMPUS | Role.SUPERVISOR:
            return frozenset({"region", "university_id"})
        case Role.STUDENT:
            return frozenset({"region", "university_id", "student_id"})
        case Role.JUDGE:
            return frozenset({"region", "judge_id"})
        case _:
            assert_never(role)
