"""Bodies that are refused: each names field and rule in both languages, and nothing is written."""

import json
from typing import Any

import httpx
import pytest

LONG = "x" * 21


def changed(post: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {**post, **fields}


@pytest.mark.parametrize(
    ("fields", "pointer", "rule", "detail", "detail_en"),
    [
        ({"seats": "3"}, "#/seats", "int-type", "bilangan bulat", "integer"),
        ({"seats": 3.5}, "#/seats", "int-type", "bilangan bulat", "integer"),
        ({"seats": True}, "#/seats", "int-type", "bilangan bulat", "integer"),
        ({"seats": 31}, "#/seats", "less-than-equal", "paling banyak 30", "at most 30"),
        ({"seats": 2**70}, "#/seats", "integer-out-of-range", "64 bit", "64-bit"),
        ({"heated": 1}, "#/heated", "bool-type", "true atau false", "true or false"),
        ({"heated": "yes"}, "#/heated", "bool-type", "true atau false", "true or false"),
        ({"kind": "rumah"}, "#/kind", "enum", "'pos' or 'balai'", "'pos' or 'balai'"),
        ({"id": "POS"}, "#/id", "string-pattern-mismatch", "berpola", "pattern"),
        ({"region_code": None}, "#/region_code", "string-type", "teks", "text"),
        ({"region_code": "3\x006"}, "#/region_code", "nul-character", "NUL", "NUL"),
        ({"region_code": "\ud800"}, "#/region_code", "lone-surrogate", "Unicode", "Unicode"),
        ({"nik": "1"}, "#/nik", "extra-forbidden", "tidak dikenal", "not a known field"),
        ({"keepers": {}}, "#/keepers", "list-type", "daftar", "list"),
        (
            {"keepers": [{"name": LONG, "since": "2026-01-01"}]},
            "#/keepers/0/name",
            "string-too-long",
            "paling banyak 20 karakter",
            "at most 20 characters",
        ),
        (
            {"keepers": [{"name": "  ", "since": "2026-01-01"}]},
            "#/keepers/0/name",
            "string-too-short",
            "paling sedikit 1 karakter",
            "at least 1 characters",
        ),
        ({"keepers": [{"name": "A"}]}, "#/keepers/0/since", "missing", "wajib", "required"),
        (
            {"keepers": [{"name": "A", "since": "kemarin"}]},
            "#/keepers/0/since",
            "date-parsing",
            "TTTT-BB-HH",
            "YYYY-MM-DD",
        ),
        (
            {"keepers": [{"name": "A", "since": 1700000000}]},
            "#/keepers/0/since",
            "date-type",
            "TTTT-BB-HH",
            "YYYY-MM-DD",
        ),
        ({"a/b~c": 1}, "#/a~1b~0c", "extra-forbidden", "a/b~c", "a/b~c"),
        ({"a\x00b": 1}, "#/a\x00b", "nul-character", "NUL", "NUL"),
    ],
)
async def test_a_broken_field_is_named_with_its_rule(
    client: httpx.AsyncClient,
    bearer: Any,
    store: Any,
    post: dict[str, Any],
    fields: dict[str, Any],
    pointer: str,
    rule: str,
    detail: str,
    detail_en: str,
) -> None:
    body = json.dumps(changed(post, **fields))
    response = await client.post(
        "/v1/posts",
        content=body,
        headers=bearer("village") | {"Content-Type": "application/json"},
    )
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "urn:kentongan:problem:validation"
    (error,) = problem["errors"]
    assert (error["pointer"], error["rule"]) == (pointer, rule)
    assert detail in error["detail"]
    assert detail_en in error["detail_en"]
    assert store.posts == {}


async def test_all_broken_fields_are_told_at_once(client: httpx.AsyncClient, bearer: Any) -> None:
    response = await client.post("/v1/posts", json={"seats": 0, "x": 1}, headers=bearer("village"))
    assert {error["pointer"] for error in response.json()["errors"]} == {
        "#/id",
        "#/region_code",
        "#/kind",
        "#/seats",
        "#/x",
    }


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"id": }',
        b"\xff\xfe",
        b"[" * 4000,
        b'{"seats": ' + b"9" * 4000 + b"}",
        '{"id": "pos-1"}'.encode("utf-16"),
    ],
    ids=["cut short", "no value", "not UTF-8", "bottomless", "endless digits", "UTF-16"],
)
async def test_what_is_no_json_is_told_so(
    client: httpx.AsyncClient, bearer: Any, body: bytes
) -> None:
    headers = bearer("village") | {"Content-Type": "application/json"}
    response = await client.post("/v1/posts", content=body, headers=headers)
    assert response.status_code in {400, 422}
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["title"]


@pytest.mark.parametrize(
    ("body", "pointer", "rule"),
    [
        ('{"id": "a", "id": "b"}', "#/id", "repeated-key"),
        ('{"keepers": [{"name": "a", "name": "b"}]}', "#/keepers/0/name", "repeated-key"),
        ('{"seats": NaN}', "#/seats", "finite-number"),
        ('{"seats": 1e999}', "#/seats", "finite-number"),
        ('{"seats": ' + "[" * 40 + "]" * 40 + "}", "#/seats" + "/0" * 31, "too-deep"),
    ],
)
async def test_json_that_parsers_disagree_on_is_refused(
    client: httpx.AsyncClient, bearer: Any, body: str, pointer: str, rule: str
) -> None:
    headers = bearer("village") | {"Content-Type": "application/json"}
    response = await client.post("/v1/posts", content=body, headers=headers)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["pointer"], error["rule"]) == (pointer, rule)


@pytest.mark.parametrize(
    "media_type", ["application/JSON", "Application/Json; charset=utf-8", "application/x+JSON"]
)
@pytest.mark.parametrize(
    ("body", "rule"),
    [('{"id": "a", "id": "b"}', "repeated-key"), ('{"id": "a\\u0000b"}', "nul-character")],
)
async def test_json_is_checked_however_its_media_type_is_written(
    client: httpx.AsyncClient, bearer: Any, media_type: str, body: str, rule: str
) -> None:
    headers = bearer("village") | {"Content-Type": media_type}
    response = await client.post("/v1/posts", content=body, headers=headers)
    assert response.status_code == 422
    assert [error["rule"] for error in response.json()["errors"]] == [rule]


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_another_media_type_is_refused(
    client: httpx.AsyncClient, bearer: Any, post: dict[str, Any], media_type: str | None
) -> None:
    headers = bearer("village") | ({"Content-Type": media_type} if media_type else {})
    response = await client.post("/v1/posts", content=json.dumps(post), headers=headers)
    assert response.status_code == 415
    assert response.json()["rule"] == "unsupported-media-type"


async def test_no_body_at_all(client: httpx.AsyncClient, bearer: Any) -> None:
    response = await client.post("/v1/posts", headers=bearer("village"))
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["pointer"], error["rule"]) == ("#", "missing")
    assert error["detail"] == "Isi permintaan wajib diisi."
    assert error["detail_en"] == "The body is required."


async def test_a_problem_repeats_no_value(client: httpx.AsyncClient, bearer: Any) -> None:
    secret = "Siti Rahayu"
    body = {"id": secret, "seats": secret, "kind": secret, "keepers": [{"since": secret}]}
    response = await client.post("/v1/posts", json=body, headers=bearer("village"))
    assert response.status_code == 422
    assert secret not in response.text


async def test_dates_and_choices_are_read_and_text_is_trimmed(
    client: httpx.AsyncClient, bearer: Any, store: Any, post: dict[str, Any]
) -> None:
    post["keepers"] = [{"name": "  Melati ", "since": "2026-01-31"}]
    response = await client.post("/v1/posts", json=post, headers=bearer("village"))
    assert response.status_code == 201
    (keeper,) = store.posts["pos-1"][1].keepers
    assert (keeper.name, keeper.since.isoformat()) == ("Melati", "2026-01-31")
