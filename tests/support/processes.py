"""What a process of a service says of itself, and something to ask of it."""

import uuid
from typing import Any

import httpx

from kentongan.http import sign_development_token
from kentongan.local.service_process import ServiceProcess


def proposal() -> dict[str, Any]:
    """A body that the registry takes."""
    return {
        "name": f"KIM {uuid.uuid4().hex[:8]}",
        "region_code": "36.71.01.1001",
        "level": "kelurahan",
        "potentials": ["umkm"],
        "links": [],
    }


def office() -> dict[str, str]:
    """Headers of the office, for a process in development."""
    signed = sign_development_token({"sub": "office", "roles": ["diskominfo"], "region": "36.71"})
    return {"Authorization": f"Bearer {signed}"}


def at(process: ServiceProcess, **options: Any) -> httpx.AsyncClient:
    """A client of the process."""
    return httpx.AsyncClient(base_url=process.base_url, trust_env=False, timeout=30, **options)


async def readiness(client: httpx.AsyncClient) -> dict[str, Any]:
    """The status code and each check; empty while nobody listens."""
    try:
        answer = await client.get("/health/ready")
    except httpx.TransportError:
        return {}
    return {"code": answer.status_code, **answer.json()["checks"]}


async def shows(client: httpx.AsyncClient, **wanted: Any) -> bool:
    """Whether the readiness shows these values now."""
    found = await readiness(client)
    return all(found.get(name) == value for name, value in wanted.items())


async def metric(client: httpx.AsyncClient, name: str) -> float | None:
    """The value of a metric whose only label is the service."""
    exposed = (await client.get("/metrics")).text
    values = [line for line in exposed.splitlines() if line.startswith(f"{name}{{")]
    return float(values[0].rpartition(" ")[2]) if values else None
