"""A token for each role, to try a system with that runs on this machine."""

from collections.abc import Mapping
from datetime import timedelta

from kentongan.http import Role, sign_development_token

TOKEN_LIFE = timedelta(hours=12)
RESIDENT = "resident"
"""No role of the programme: whoever has a token may vote."""
JUDGE = "juri-7f3a"
GROUP = {"kim_id": "kim-contoh"}
CLAIMS: Mapping[str, Mapping[str, str]] = {
    Role.KIM: GROUP,
    Role.JUDGE: {"judge_id": JUDGE},
    Role.CAMPUS: {"university_id": "budi-luhur"},
    Role.SUPERVISOR: {"university_id": "budi-luhur"},
    Role.STUDENT: {"university_id": "budi-luhur", "student_id": "mahasiswa-contoh"},
}
"""Claims without which a role can do nothing; `kentongan token` signs for real ids."""


def development_tokens(city: str) -> dict[str, str]:
    """A token for each role, scoped to the city, and a resident's; of the development key."""
    tokens = {
        role.value: sign_development_token(
            {
                "sub": f"development-{role.value}",
                "roles": [role.value],
                "region": city,
                **CLAIMS.get(role, {}),
            },
            TOKEN_LIFE,
        )
        for role in Role
    }
    claims = {"sub": f"development-{RESIDENT}", "roles": []}
    return {**tokens, RESIDENT: sign_development_token(claims, TOKEN_LIFE)}
