"""The OpenAPI document tells every answer a route can give; its pages need no network."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


async def test_the_document_is_openapi_3_1_and_its_references_hold(
    document: dict[str, Any],
) -> None:
    assert document["openapi"].startswith("3.1")
    found = set(references(document))
    assert "#/components/schemas/Problem" in found
    for reference in found:
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


async def test_each_refusal_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    edit = document["paths"]["/v1/posts/{post_id}"]["put"]
    assert set(edit["responses"]) == {
        *("200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "503")
    }
    for status, response in edit["responses"].items():
        if status != "200":
            assert list(response["content"]) == ["application/problem+json"]


async def test_statuses_that_follow_from_the_route_are_never_forgotten(
    document: dict[str, Any],
) -> None:
    closing = document["paths"]["/v1/posts/{post_id}/closing"]["post"]
    assert {"401", "403", "404", "409", "503"} <= set(closing["responses"])
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_headers_and_tokens_are_documented(document: dict[str, Any]) -> None:
    posts = document["paths"]["/v1/posts"]
    edit = document["paths"]["/v1/posts/{post_id}"]["put"]
    headers = {item["name"]: item for item in edit["parameters"] if item["in"] == "header"}
    assert set(headers) == {"Idempotency-Key", "If-Match"}
    assert headers["If-Match"]["required"] is True
    assert headers["Idempotency-Key"]["required"] is False
    assert headers["Idempotency-Key"]["schema"]["type"] == "string"
    assert headers["Idempotency-Key"]["schema"]["maxLength"] == 255
    assert edit["security"] == [{"bearer": []}]
    assert posts["get"]["security"] == [{}, {"bearer": []}]
    assert list(document["components"]["securitySchemes"]) == ["bearer"]
    assert {item["name"] for item in posts["get"]["parameters"]} == {"cursor", "limit", "kind"}


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
async def test_documentation_pages_load_nothing_from_elsewhere(
    client: httpx.AsyncClient, page: str
) -> None:
    response = await client.get(page)
    assert response.status_code == 200
    assert "Pos ronda" in response.text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', response.text)
    assert addresses
    for address in addresses:
        assert address.startswith("/"), address
        assert (await client.get(address)).status_code == 200
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "https://" not in response.text
