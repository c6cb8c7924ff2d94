"""Commands: what the store is told, what the client gets back, and how retries behave."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI


async def test_a_command_is_answered_with_its_receipt(
    client: httpx.AsyncClient, bearer: Any, post: dict[str, Any]
) -> None:
    response = await client.post("/v1/posts", json=post, headers=bearer("village"))
    assert response.status_code == 201
    assert response.json() == {"id": "pos-1", "version": 1}
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Location"] == "/v1/posts/pos-1"
    assert "Idempotency-Replayed" not in response.headers


async def test_the_store_learns_the_circumstances(
    client: httpx.AsyncClient, bearer: Any, store: Any, post: dict[str, Any]
) -> None:
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    ids = {"X-Correlation-ID": "musim-2026.1", "traceparent": traceparent}
    response = await client.post("/v1/posts", json=post, headers=bearer("village") | ids)
    (context,) = store.contexts
    assert (context.name, context.actor) == ("post.open", "u-1")
    assert context.now.isoformat() == "2026-03-02T08:00:00+00:00"
    assert context.correlation_id == response.headers["X-Correlation-ID"] == "musim-2026.1"
    assert context.traceparent == traceparent
    assert context.causation_id != context.correlation_id
    assert context.idempotency is None
    assert context.expected_version is None


@pytest.mark.parametrize(
    ("correlation", "traceparent"),
    [("x" * 65, "00-0-0-00"), ("a b", ""), ("", "00-" + "0" * 32 + "-" + "1" * 16 + "-00")],
)
async def test_insane_ids_are_replaced(
    client: httpx.AsyncClient,
    bearer: Any,
    store: Any,
    post: dict[str, Any],
    correlation: str,
    traceparent: str,
) -> None:
    ids = {"X-Correlation-ID": correlation, "traceparent": traceparent}
    response = await client.post("/v1/posts", json=post, headers=bearer("village") | ids)
    (context,) = store.contexts
    assert context.correlation_id == response.headers["X-Correlation-ID"]
    assert len(context.correlation_id) == 36
    assert context.traceparent != traceparent
    assert len(context.traceparent) == 55


async def test_a_retry_under_its_key_gets_the_first_answer(
    client: httpx.AsyncClient, bearer: Any, store: Any, post: dict[str, Any]
) -> None:
    headers = bearer("village") | {"Idempotency-Key": "k-1"}
    first = await client.post("/v1/posts", json=post, headers=headers)
    again = await client.post("/v1/posts", json=post, headers=headers)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert store.posts["pos-1"][0] == 1


async def test_another_payload_under_the_same_key_is_refused(
    client: httpx.AsyncClient, bearer: Any, post: dict[str, Any]
) -> None:
    headers = bearer("village") | {"Idempotency-Key": "k-1"}
    await client.post("/v1/posts", json=post, headers=headers)
    other = await client.post("/v1/posts", json=post | {"seats": 4}, headers=headers)
    assert other.status_code == 422
    assert other.json()["rule"] == "idempotency-key-reused"


async def test_keys_are_scoped_by_caller_and_route(
    client: httpx.AsyncClient, bearer: Any, store: Any, post: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": "k-1"}
    await client.post("/v1/posts", json=post, headers=bearer("village") | key)
    await client.post("/v1/posts", json=post, headers=bearer("village", sub="u-2") | key)
    await client.post("/v1/posts/pos-1/closing", headers=bearer("diskominfo") | key)
    await client.post("/v1/posts/pos-1/closing", headers=bearer("diskominfo") | key)
    scoped = [context.idempotency.scoped for context in store.contexts]
    assert len(set(scoped[:3])) == 3
    assert scoped[2] == scoped[3]
    assert "k-1" not in "".join(scoped)
    assert "u-1" not in "".join(scoped)


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "kunci-é"])
async def test_a_malformed_key_is_refused(
    client: httpx.AsyncClient, bearer: Any, store: Any, post: dict[str, Any], key: str
) -> None:
    headers = [*bearer("village").items(), ("Idempotency-Key", key.encode())]
    response = await client.post("/v1/posts", json=post, headers=headers)
    assert response.status_code == 400
    problem = response.json()
    assert problem["rule"] == "idempotency-key-malformed"
    assert problem["errors"][0]["header"] == "Idempotency-Key"
    assert store.contexts == []


async def test_two_keys_are_one_too_many(
    client: httpx.AsyncClient, bearer: Any, post: dict[str, Any]
) -> None:
    headers = [*bearer("village").items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    response = await client.post("/v1/posts", json=post, headers=headers)
    assert response.status_code == 400


async def test_an_overwrite_needs_the_version_that_was_read(
    client: httpx.AsyncClient, bearer: Any, post: dict[str, Any]
) -> None:
    headers = bearer("diskominfo")
    await client.post("/v1/posts", json=post, headers=headers)
    read = await client.get("/v1/posts/pos-1", headers=headers)
    edit = post | {"seats": 5}
    missing = await client.put("/v1/posts/pos-1", json=edit, headers=headers)
    assert missing.status_code == 428
    assert missing.json()["errors"][0]["header"] == "If-Match"
    current = {"If-Match": read.headers["ETag"]}
    done = await client.put("/v1/posts/pos-1", json=edit, headers=headers | current)
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')
    stale = await client.put("/v1/posts/pos-1", json=edit, headers=headers | current)
    assert stale.status_code == 412
    assert stale.json()["facts"] == {"expected": 1, "found": 2}


@pytest.mark.parametrize("if_match", ["7", "*", 'W/"1"', '"1", "2"', '"x"', '""', '"-1"', '"01"'])
async def test_a_malformed_if_match_is_refused(
    client: httpx.AsyncClient, bearer: Any, post: dict[str, Any], if_match: str
) -> None:
    headers = bearer("diskominfo")
    await client.post("/v1/posts", json=post, headers=headers)
    response = await client.put(
        "/v1/posts/pos-1", json=post, headers=headers | {"If-Match": if_match}
    )
    assert response.status_code == 400
    assert response.json()["rule"] == "precondition-malformed"


async def test_the_payload_of_a_form_is_bound_to_its_key_too(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    headers = bearer("village") | {"Idempotency-Key": "k-1"}

    async def sent(content: bytes, boundary: str) -> dict[str, Any]:
        form = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        files = {"file": ("a.csv", content, "text/csv")}
        response = await client.post("/v1/posts/import", files=files, headers=headers | form)
        assert response.status_code == 200
        found: dict[str, Any] = response.json()
        return found

    first, again, other = await sent(b"a", "x"), await sent(b"a", "x"), await sent(b"b", "x")
    assert first["bytes"] == 1
    assert first["hash"] == again["hash"] != other["hash"]


async def test_a_form_sent_again_may_have_another_boundary(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    headers = bearer("village") | {"Idempotency-Key": "k-1"}
    files = {"file": ("a.csv", b"nama;nim", "text/csv")}
    drawn = [await client.post("/v1/posts/import", files=files, headers=headers) for _ in "12"]
    assert drawn[0].request.headers["Content-Type"] != drawn[1].request.headers["Content-Type"]
    assert drawn[0].json() == drawn[1].json()
    other = {"file": ("a.csv", b"nama;npm", "text/csv")}
    changed = await client.post("/v1/posts/import", files=other, headers=headers)
    assert changed.json()["hash"] != drawn[0].json()["hash"]


async def test_a_client_that_goes_away_while_sending_commands_nothing(
    app: FastAPI, bearer: Any, store: Any, post: dict[str, Any]
) -> None:
    sent: list[Any] = []
    messages = iter(
        [
            {"type": "http.request", "body": json.dumps(post).encode()[:9], "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in bearer("village").items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/posts",
        "query_string": b"",
        "headers": [*headers, (b"content-type", b"application/json")],
    }
    await app(scope, receive, send)
    assert sent == []
    assert store.contexts == []
