"""The application of the small service `posts`, and callers for it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kentongan.http import (
    Authenticator,
    ProblemText,
    create_application,
    sign_development_token,
)
from kentongan.storage.errors import AggregateNotFound, StorageUnavailable
from tests.unit.http.posts import NOW, SeatsTaken, Store, posts_router


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def checks() -> dict[str, bool]:
    return {"mongo": True}


@pytest.fixture
def app(store: Store, checks: dict[str, bool]) -> FastAPI:
    async def readiness() -> dict[str, bool]:
        return checks

    return create_application(
        service_name="posts",
        title="Pos ronda / Watch posts",
        description="Contoh.",
        routers=[posts_router(store)],
        problems={
            SeatsTaken: ProblemText(
                409, "Penuh", "Full", "{seats} kursi terisi: {names}.", "{seats} taken: {names}."
            ),
            AggregateNotFound: ProblemText(
                404, "Tidak ada", "Not there", "Pos {id} tidak ada.", "No post {id}."
            ),
        },
        auth=Authenticator(keys=None, issuer="-", audience="-", development=True),
        readiness=readiness,
        clock=lambda: NOW,
        max_body_bytes=4096,
    )


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://posts") as opened:
        yield opened


Headers = Callable[..., dict[str, str]]


@pytest.fixture
def bearer() -> Headers:
    """Headers of a caller: `bearer("village", region="36.71")`."""

    def headers(*roles: str, sub: str = "u-1", **claims: Any) -> dict[str, str]:
        token = sign_development_token(
            {"sub": sub, "roles": list(roles), "region": "36.71", **claims}
        )
        return {"Authorization": f"Bearer {token}"}

    return headers


@pytest.fixture
def post() -> dict[str, Any]:
    """A body that nothing is wrong with."""
    return {"id": "pos-1", "region_code": "36.71.01.1001", "kind": "pos", "seats": 3}


@pytest.fixture
def unavailable() -> StorageUnavailable:
    return StorageUnavailable("mongo-0.internal:27017 timed out", retry_after=3)
