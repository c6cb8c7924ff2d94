"""Hooks of Schemathesis's process: ids that exist, versions that are current, a count of answers.

Loaded by path from `fuzzing.py`, which leaves what is known in the folder of the run.
"""

import atexit
import json
import os
import zlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode

_FOLDER = Path(os.environ["KENTONGAN_FUZZING_FOLDER"])
_KNOWN: dict[str, Any] = json.loads((_FOLDER / "known.json").read_text())
_FINAL = ("/dissolution", "/withdrawal", "/discard", "/confirmation")
"""Steps that nothing comes after: they get one id only, or all would soon be spent."""
_client = httpx.Client(base_url=_KNOWN["base_url"], headers=_KNOWN["headers"], trust_env=False)
_answers: dict[str, Counter[str]] = defaultdict(Counter)


@schemathesis.hook
def before_call(context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Name something that exists in three of four requests; in edits always, with its version.

    Decided by the request's contents, so that the same request is changed in the same way again.
    """
    luck = zlib.crc32(repr((case.method, case.path, case.path_parameters, case.body)).encode())
    guarded = "If-Match" in case.headers and _is_well_formed(case, ParameterLocation.HEADER)
    left_alone = luck % 4 == 0 and not guarded
    if left_alone or not _is_well_formed(case, ParameterLocation.PATH):
        return
    for name in case.path_parameters:
        ids = _KNOWN["ids"].get(f"{case.path} {name}") or _KNOWN["ids"].get(name)
        if ids:
            is_final = case.path.endswith(_FINAL)
            case.path_parameters[name] = ids[-1] if is_final else ids[luck // 4 % len(ids)]
    if guarded:
        path = case.formatted_path
        edited = path if case.path.endswith("}") else path.rpartition("/")[0]
        current = _etag(edited)
        case.headers["If-Match"] = current or case.headers["If-Match"]


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    """Count what was answered, refusals by their rule."""
    refused = response.headers.get("content-type") == ["application/problem+json"]
    rule = f" {response.json()['rule']}" if refused else ""
    _answers[case.operation.label][f"{response.status_code}{rule}"] += 1


def _etag(path: str) -> str | None:
    """The ETag of what lies at a path, or of what it is a part of."""
    while path.count("/") > 2:
        if etag := _client.get(path).headers.get("etag"):
            return str(etag)
        path = path.rpartition("/")[0]
    return None


def _is_well_formed(case: Case, place: ParameterLocation) -> bool:
    component = case.meta.components.get(place) if case.meta else None
    return component is not None and component.mode is GenerationMode.POSITIVE


@atexit.register
def _report() -> None:
    (_FOLDER / "answers.json").write_text(json.dumps(_answers))
