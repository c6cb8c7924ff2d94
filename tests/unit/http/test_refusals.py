"""Refusals of rules, storage and routing as problem documents in two languages."""

from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs


async def opened(client: httpx.AsyncClient, headers: dict[str, str], **fields: Any) -> None:
    body = {"id": "pos-1", "region_code": "36.71.01.1001", "kind": "pos", "seats": 3, **fields}
    assert (await client.post("/v1/posts", json=body, headers=headers)).status_code == 201


async def test_a_rule_is_worded_by_the_services_table(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    headers = bearer("diskominfo") | {"X-Correlation-ID": "c-1"}
    await opened(client, headers, seats=13)
    response = await client.post("/v1/posts/pos-1/closing", headers=headers)
    assert response.status_code == 409
    assert response.json() == {
        "type": "urn:kentongan:problem:seats-taken",
        "status": 409,
        "title": "Penuh",
        "title_en": "Full",
        "detail": "13 kursi terisi: Melati, Mawar.",
        "detail_en": "13 taken: Melati, Mawar.",
        "instance": "/v1/posts/pos-1/closing",
        "rule": "seats-taken",
        "correlation_id": "c-1",
        "errors": [
            {
                "pointer": "#/seats",
                "rule": "seats-taken",
                "detail": "13 kursi terisi: Melati, Mawar.",
                "detail_en": "13 taken: Melati, Mawar.",
            }
        ],
        "facts": {"seats": 13, "names": ["Melati", "Mawar"]},
    }


async def test_a_rule_that_the_table_forgot_is_still_a_refusal(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    headers = bearer("diskominfo")
    await opened(client, headers, seats=14)
    response = await client.post("/v1/posts/pos-1/closing", headers=headers)
    assert (response.status_code, response.json()["rule"]) == (422, "unworded")


async def test_what_is_not_known_yet_may_be_asked_again(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    headers = bearer("diskominfo")
    await opened(client, headers, seats=16)
    response = await client.post("/v1/posts/pos-1/closing", headers=headers)
    assert (response.status_code, response.json()["rule"]) == (409, "not-known-yet")
    assert response.headers["Retry-After"] == "1"


async def test_an_unexpected_error_tells_nothing_but_its_correlation_id(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    headers = bearer("diskominfo") | {"X-Correlation-ID": "c-500"}
    await opened(client, headers, seats=15)
    with capture_logs() as logs:
        response = await client.post("/v1/posts/pos-1/closing", headers=headers)
    assert response.status_code == 500
    assert response.json()["correlation_id"] == "c-500"
    assert response.headers["X-Correlation-ID"] == "c-500"
    assert "secret" not in response.text
    (failed,) = [entry for entry in logs if entry["event"] == "http.failed"]
    assert failed["error"] == "RuntimeError"
    assert "close_post" in failed["frames"]
    assert "secret of pos-1" not in str(failed)


async def test_a_service_may_reword_the_kits_problems(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    response = await client.get("/v1/posts/pos-9", headers=bearer("diskominfo"))
    assert response.status_code == 404
    assert response.json()["detail"] == "Pos pos-9 tidak ada."
    assert response.json()["detail_en"] == "No post pos-9."


async def test_a_natural_id_is_taken_once(client: httpx.AsyncClient, bearer: Any) -> None:
    headers = bearer("diskominfo")
    await opened(client, headers)
    body = {"id": "pos-1", "region_code": "36.71.01.1001", "kind": "pos", "seats": 3}
    response = await client.post("/v1/posts", json=body, headers=headers)
    assert (response.status_code, response.json()["rule"]) == (409, "already-exists")


async def test_storage_away_is_told_without_internals(
    client: httpx.AsyncClient, bearer: Any, store: Any, post: dict[str, Any], unavailable: Any
) -> None:
    store.failure = unavailable
    response = await client.post("/v1/posts", json=post, headers=bearer("village"))
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "3"
    assert response.json()["rule"] == "storage-unavailable"
    assert "internal" not in response.text


async def test_an_unknown_address_is_a_problem(client: httpx.AsyncClient) -> None:
    for path in ("/nowhere", "/v1/posts/", "/v1/posts/a/b/c"):
        response = await client.get(path)
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["rule"] == "route-unknown"


async def test_a_wrong_method_names_the_right_ones(client: httpx.AsyncClient) -> None:
    response = await client.delete("/v1/posts/pos-1")
    assert response.status_code == 405
    assert response.json()["rule"] == "method-not-allowed"
    assert response.headers["Allow"] == "GET, PUT"


@pytest.mark.parametrize("path", ["/v1/posts/a%00b", "/v1/posts?kind=%00"])
async def test_nul_in_an_address_is_refused(
    client: httpx.AsyncClient, bearer: Any, path: str
) -> None:
    response = await client.get(path, headers=bearer("diskominfo"))
    assert (response.status_code, response.json()["rule"]) == (400, "nul-in-address")


async def test_a_body_may_have_its_largest_size_and_no_more(
    client: httpx.AsyncClient, bearer: Any, store: Any
) -> None:
    headers = bearer("village") | {"Content-Type": "application/json"}
    fits = await client.post("/v1/posts", content=b" " * 4096, headers=headers)
    assert fits.status_code == 400
    declared = await client.post("/v1/posts", content=b" " * 4097, headers=headers)

    async def pieces() -> Any:
        for _ in range(5):
            yield b" " * 1000

    undeclared = await client.post("/v1/posts", content=pieces(), headers=headers)
    assert "Content-Length" not in undeclared.request.headers
    for response in (declared, undeclared):
        assert response.status_code == 413
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["facts"] == {"limit": 4096}
    assert store.contexts == []
