"""Lists come in pages; cursors are opaque, and nothing but our own is accepted."""

import base64
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kentongan.http import make_cursor, read_cursor
from kentongan.http.problems.refusals import InvalidCursor

VALUES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=100)
    | st.integers(-(2**63), 2**63 - 1)
    | st.datetimes(timezones=st.just(UTC)),
    max_size=4,
)


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(VALUES)
def test_a_cursor_brings_its_values_back(values: list[Any]) -> None:
    assert list(read_cursor(make_cursor(values), [type(value) for value in values])) == values


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: encoded(repr(raw))))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        values = read_cursor(text, [str, int])
    except InvalidCursor:
        return
    assert [type(value) for value in values] == [str, int]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!!!",
        "é",
        "a",
        encoded("{}"),
        encoded("[1]"),
        encoded('["a", 2]'),
        encoded("[null]"),
        encoded('["\\u0000"]'),
        encoded('["\\ud800"]'),
        encoded('[{"$gt": ""}]'),
        encoded("[" * 1000),
        "x" * 3000,
        make_cursor(["x" * 600]),
    ],
)
async def test_a_bad_cursor_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    response = await client.get("/v1/posts", params={"cursor": cursor})
    assert response.status_code == 400
    problem = response.json()
    assert problem["rule"] == "invalid-cursor"
    assert problem["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize("number", [2**63, True, 1.5])
def test_an_integer_of_a_cursor_fits_the_database(number: Any) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(make_cursor([number]), [int])


def test_a_moment_of_a_cursor_has_its_zone() -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(make_cursor([datetime(2026, 1, 1)]), [datetime])


async def test_pages_follow_one_another_to_the_end(
    client: httpx.AsyncClient, bearer: Any, post: dict[str, Any]
) -> None:
    for number in range(7):
        body = post | {"id": f"pos-{number}", "kind": "pos" if number % 2 else "balai"}
        await client.post("/v1/posts", json=body, headers=bearer("village"))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    pages = 0
    while True:
        page = (await client.get("/v1/posts", params={"limit": "3", **cursor})).json()
        pages += 1
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert (pages, seen) == (3, [f"pos-{number}" for number in range(7)])
    filtered = (await client.get("/v1/posts", params={"kind": "balai"})).json()
    assert [item["id"] for item in filtered["items"]] == ["pos-0", "pos-2", "pos-4", "pos-6"]


@pytest.mark.parametrize(
    ("query", "parameter", "rule"),
    [
        ("limit=0", "limit", "greater-than-equal"),
        ("limit=201", "limit", "less-than-equal"),
        ("limit=many", "limit", "int-parsing"),
        ("kind=rumah", "kind", "enum"),
        ("nama=x", "nama", "extra-forbidden"),
        ("state.outbox=x", "state.outbox", "extra-forbidden"),
    ],
)
async def test_filters_come_from_a_closed_list(
    client: httpx.AsyncClient, query: str, parameter: str, rule: str
) -> None:
    response = await client.get(f"/v1/posts?{query}")
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert (error["parameter"], error["rule"]) == (parameter, rule)
    assert "pointer" not in error
