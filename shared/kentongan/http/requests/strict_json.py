"""Refuses JSON that parsers disagree on, or that the database can't hold."""

import json
import math
from collections.abc import Iterator
from typing import Any

from kentongan.domain.errors import DomainError
from kentongan.http.problems.document import FieldProblem
from kentongan.http.problems.field_texts import field_problem
from kentongan.http.problems.refusals import MalformedJson

DEPTH = 32
_INT64 = range(-(2**63), 2**63)


class InvalidFields(DomainError):
    """Fields break rules that no model states: repeated keys, NUL, numbers too large."""

    rule = "validation"

    def __init__(self, errors: list[FieldProblem]) -> None:
        super().__init__()
        self.errors = errors


class _Object(dict[str, Any]):
    """A JSON object that remembers which keys came twice."""

    repeated: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> _Object:
    read = _Object(pairs)
    if len(read) != len(pairs):
        names = [name for name, _ in pairs]
        read.repeated = tuple(name for name in read if names.count(name) > 1)
    return read


def check_json(body: bytes) -> None:
    """Raise MalformedJson (400) or InvalidFields (422, with pointers); return where all is well."""
    try:
        value = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        raise MalformedJson from error
    errors = list(_faults(value, (), DEPTH))
    if errors:
        raise InvalidFields(errors)


def _faults(value: Any, place: tuple[str | int, ...], depth: int) -> Iterator[FieldProblem]:
    if isinstance(value, str):
        rule = _text_fault(value)
        if rule is not None:
            yield field_problem(rule, place)
    elif isinstance(value, bool):
        return
    elif isinstance(value, int):
        if value not in _INT64:
            yield field_problem("integer-out-of-range", place)
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield field_problem("finite-number", place)
    elif isinstance(value, _Object | list):
        if depth == 0:
            yield field_problem("too-deep", place)
        else:
            yield from _faults_inside(value, place, depth - 1)


def _faults_inside(
    value: _Object | list[Any], place: tuple[str | int, ...], depth: int
) -> Iterator[FieldProblem]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, (*place, index), depth)
        return
    for name in value.repeated:
        yield field_problem("repeated-key", (*place, name))
    for name, item in value.items():
        rule = _text_fault(name)
        if rule is not None:
            yield field_problem(rule, (*place, name))
        yield from _faults(item, (*place, name), depth)


def _text_fault(text: str) -> str | None:
    if "\x00" in text:
        return "nul-character"
    if text.isascii():
        return None
    return "lone-surrogate" if any("\ud800" <= sign <= "\udfff" for sign in text) else None
