"""A person at a service's HTTP interface, and how the service says no."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from kentongan.domain.clock import utc_now
from kentongan.http import sign_development_token


def token(*roles: str, region: str | None = "36.71", **claims: str) -> dict[str, str]:
    """The header of a caller with these roles; `sub=` names one among many."""
    scope = {} if region is None else {"region": region}
    sub = claims.get("kim_id") or "-".join(roles) or "resident"
    signed = sign_development_token({"sub": sub, "roles": list(roles), **scope, **claims})
    return {"Authorization": f"Bearer {signed}"}


@dataclass
class Desk:
    """The service as one caller uses it; each method is one request."""

    client: httpx.AsyncClient
    headers: dict[str, str]
    clock: Callable[[], datetime] = utc_now

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.client.get(f"/v1{path}", params=params, headers=self.headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = self.headers | _named(headers)
        return await self.client.post(f"/v1{path}", json=body, headers=sent)

    async def put(
        self, path: str, body: Any, version: int | None = None, **headers: str
    ) -> httpx.Response:
        guard = {} if version is None else {"If-Match": f'"{version}"'}
        sent = self.headers | guard | _named(headers)
        return await self.client.put(f"/v1{path}", json=body, headers=sent)


def refused(answer: httpx.Response, status: int, rule: str, pointer: str | None = None) -> Any:
    """Assert a problem document with this status and rule, in both languages."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["rule"] == rule, problem
    assert problem["detail"] and problem["detail_en"] and problem["detail"] != problem["detail_en"]
    assert "…" not in problem["detail"] + problem["detail_en"]
    if pointer is not None:
        assert pointer in [error.get("pointer") for error in problem["errors"]]
    return problem


def _named(headers: dict[str, str]) -> dict[str, str]:
    """`Idempotency_Key="k"` means the header `Idempotency-Key`."""
    return {name.replace("_", "-"): value for name, value in headers.items()}
