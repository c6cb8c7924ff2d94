"""Reads the file of a running system; what is wrong in it is said by the field's name."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kentongan.demo.against.target import Target
from kentongan.settings import KafkaSettings

_WORDS = {
    "missing": "wajib ada / is required",
    "extra_forbidden": "tidak dikenal / is not known",
    "union_tag_not_found": "kind wajib ada / kind is required",
    "string_pattern_mismatch": "bentuknya salah / has the wrong form",
    "path_not_file": "berkas tidak ada / there is no such file",
}


class TargetRefused(Exception):
    """The file can't be used; each line names a field and what is wrong with it."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))


def read_target(file: Path) -> tuple[Target, KafkaSettings]:
    """The system, and its Kafka with what the environment adds. Raises TargetRefused.

    Paths in the file are seen from the file's own folder.
    """
    try:
        document = json.loads(file.read_bytes())
    except OSError as error:
        raise TargetRefused([f"{file}: tidak terbaca / can't be read: {error.strerror}"]) from None
    except ValueError as error:
        raise TargetRefused([f"{file}: bukan JSON / is no JSON: {error}"]) from None
    try:
        target = Target.model_validate(_from_its_folder(document, file.resolve().parent))
        return target, _kafka(target)
    except ValidationError as error:
        raise TargetRefused(list(_lines(error))) from None


def _kafka(target: Target) -> KafkaSettings:
    try:
        return KafkaSettings(**target.kafka.stated())
    except ValidationError as error:
        raise TargetRefused([f"kafka.{line}" for line in _lines(error)]) from None


def _from_its_folder(value: Any, folder: Path) -> Any:
    """The document with every relative `…_file` made absolute."""
    if isinstance(value, dict):
        return {
            name: str(folder / part)
            if name.endswith("_file") and isinstance(part, str)
            else _from_its_folder(part, folder)
            for name, part in value.items()
        }
    return value


def _lines(error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_input=False, include_url=False):
        place = [str(part) for part in fault["loc"]]
        if place[:1] == ["tokens"]:
            # Behind it pydantic names the kind by which it chose the fields.
            del place[1:2]
        expected = fault.get("ctx", {}).get("expected_tags") or fault.get("ctx", {}).get("expected")
        text = _WORDS.get(fault["type"]) or (
            f"salah satu dari / one of: {expected}"
            if expected
            else f"tidak sah / not valid: {fault['msg'].removeprefix('Value error, ')}"
        )
        yield f"{'.'.join(place)}: {text}" if place else text
