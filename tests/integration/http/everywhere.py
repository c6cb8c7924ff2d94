"""Bad requests that every service refuses alike: tokens, headers, JSON, cursors."""

from collections.abc import Iterator
from typing import Any

from tests.integration.http.refusing import Bad

JSON, KEY, TOKEN, GUARD = "Content-Type", "Idempotency-Key", "Authorization", "If-Match"


def bad_at_any_command(create: str, body: dict[str, Any], name: str) -> Iterator[Bad]:
    """Of a command that creates, whose `body` is good; `name` is a text of limited length in it."""
    at = f"#/{name}"

    def validation(what: str, fault: str, sent: Any, place: str = at) -> Bad:
        return Bad(what, create, 422, "validation", at=place, fault=fault, body=sent)

    def with_name(value: Any) -> dict[str, Any]:
        return {**body, name: value}

    without = {field: value for field, value in body.items() if field != name}
    yield validation("wrong type", "string-type", with_name(5))
    yield validation("unknown field", "extra-forbidden", {**body, "colour": "red"}, "#/colour")
    yield validation("missing field", "missing", without)
    yield validation("too long", "string-too-long", with_name("x" * 3000))
    yield validation("only spaces", "string-too-short", with_name("  "))
    yield validation("NUL character", "nul-character", with_name("a\x00b"))
    yield validation("number of 2^70", "integer-out-of-range", with_name(2**70))
    yield validation("a list", "model-attributes-type", [body], "#")
    yield validation("nothing", "missing", None, "#")
    yield validation("repeated key", "repeated-key", f'{{"{name}": "a", "{name}": "b"}}')
    yield validation("not a number", "finite-number", f'{{"{name}": NaN}}')
    twice, loud = f'{{"{name}": "a", "{name}": "b"}}', {JSON: "application/JSON"}
    what = "repeated key in application/JSON"
    yield Bad(
        what, create, 422, "validation", at=at, fault="repeated-key", body=twice, headers=loud
    )
    yield Bad("half a JSON", create, 400, "malformed-json", body=f'{{"{name}": ')
    yield Bad("too large", create, 413, "body-too-large", body=with_name("x" * 1_100_000))
    form = {JSON: "application/x-www-form-urlencoded"}
    yield Bad("a form", create, 415, "unsupported-media-type", at=JSON, body="name=x", headers=form)
    for caller in ("nobody", "basic"):
        yield Bad(
            f"token: {caller}", create, 401, "unauthenticated", at=TOKEN, body=body, caller=caller
        )
    for caller in ("garbage", "expired", "tampered", "unsigned", "half a region"):
        yield Bad(
            f"token: {caller}", create, 401, "invalid-token", at=TOKEN, body=body, caller=caller
        )
    yield Bad("wrong role", create, 403, "wrong-role", body=body, caller="judge")
    for key in ("", "two words", "k" * 256):
        what, rule = f"idempotency key {key[:9]!r}", "idempotency-key-malformed"
        yield Bad(what, create, 400, rule, at=KEY, body=body, headers={KEY: key})


def bad_at_any_edit(edit: str, body: dict[str, Any]) -> Iterator[Bad]:
    """Of a command that overwrites something of a version above 1, whose `body` is good."""
    yield Bad("no If-Match", edit, 428, "precondition-missing", at=GUARD, body=body)
    stale = {GUARD: '"1"'}
    yield Bad("stale If-Match", edit, 412, "version-conflict", at=GUARD, body=body, headers=stale)
    for etag in ("*", "2", 'W/"2"', '"2", "3"', '"two"'):
        what, rule = f"If-Match {etag}", "precondition-malformed"
        yield Bad(what, edit, 400, rule, at=GUARD, body=body, headers={GUARD: etag})


def bad_at_any_list(path: str, caller: str = "nobody") -> Iterator[Bad]:
    """Of a list with cursor and limit, and no filter called `sort`."""

    def bad(query: str, status: int, rule: str, at: str | None, fault: str | None = None) -> Bad:
        asked = f"GET {path}?{query}"
        return Bad(f"?{query}", asked, status, rule, at=at, fault=fault, caller=caller)

    for cursor in ("x", "WyJhIl0uLi4", "W10", "bnVsbA"):
        yield bad(f"cursor={cursor}", 400, "invalid-cursor", "?cursor")
    for limit, fault in (
        ("0", "greater-than-equal"),
        ("201", "less-than-equal"),
        ("ten", "int-parsing"),
    ):
        yield bad(f"limit={limit}", 422, "validation", "?limit", fault)
    yield bad("sort=name", 422, "validation", "?sort", "extra-forbidden")
    yield bad("cursor=%00", 400, "nul-in-address", None)
