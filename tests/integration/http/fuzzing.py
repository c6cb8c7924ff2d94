"""Runs Schemathesis against a service, as a person would from the command line."""

import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kentongan.local.processes import ChildProcess

SEED = 36_71
EXAMPLES = 12
"""Generated requests an operation, beside the document's own examples and all boundary cases."""
LIMIT_SECONDS = 240.0
"""A run takes a quarter of this on two idle cores."""

_REFUSALS = ("400", "403", "404", "409", "412", "422", "428")


@dataclass(frozen=True)
class Known:
    """What exists already, so that requests get past "not found".

    `paths`: ids by the name of the path's parameter (for one operation, `<path> <name>`), the last
    may be spent by a final step; `body`: values by their place in a body (`pins[*].kim_id`).
    """

    paths: Mapping[str, Sequence[str]]
    body: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Fuzzed:
    """A run that has ended, and how often each operation gave which answer (`409 seat-taken`)."""

    exit_code: int | None
    output: str
    answers: Mapping[str, Mapping[str, int]]

    @property
    def shallow(self) -> set[str]:
        """Operations whose own code nothing reached: never carried out, nor refused by a rule."""
        return {label for label, counts in self.answers.items() if not any(map(_is_deep, counts))}


async def fuzz(base_url: str, headers: Mapping[str, str], known: Known, folder: Path) -> Fuzzed:
    """Run all of Schemathesis's checks with a fixed seed and number of examples."""
    left = {"ids": known.paths, "base_url": base_url, "headers": headers}
    (folder / "known.json").write_text(json.dumps(left, default=list))
    configuration = folder / "schemathesis.toml"
    configuration.write_text(_toml(_settings(headers, known)))
    tomllib.loads(configuration.read_text())
    child = ChildProcess(
        "schemathesis",
        [
            *(str(Path(sys.executable).with_name("st")), "--config-file", str(configuration)),
            *("run", f"{base_url}/openapi.json", "--url", base_url, "--no-color"),
        ],
        log_file=folder / "schemathesis.log",
        environment={
            "KENTONGAN_FUZZING_FOLDER": str(folder),
            "NO_PROXY": "127.0.0.1",
            "COLUMNS": "100",
        },
    )
    print(f"seed {SEED}, {EXAMPLES} examples an operation")
    child.start()
    exit_code = await child.wait_ended(seconds=LIMIT_SECONDS)
    if exit_code is None:
        await child.kill()
    answers = folder / "answers.json"
    return Fuzzed(
        exit_code,
        (folder / "schemathesis.log").read_text(errors="replace"),
        json.loads(answers.read_text()) if answers.exists() else {},
    )


def _is_deep(answer: str) -> bool:
    status, _, rule = answer.partition(" ")
    return status in {"200", "201", "202", "409"} or (status == "422" and rule != "validation")


def _settings(headers: Mapping[str, str], known: Known) -> dict[str, Any]:
    dictionaries = {
        f"d{number}": {"values": list(values)} for number, values in enumerate(known.body.values())
    }
    parameters = {
        f"body.{place}": {"dictionary": f"d{number}", "probability": 0.7}
        for number, place in enumerate(known.body)
    }
    return {
        "seed": SEED,
        "hooks": str(Path(__file__).with_name("fuzzing_hooks.py")),
        "continue-on-failure": True,
        "request-timeout": 30.0,
        "headers": dict(headers),
        "warnings": False,
        "dictionaries": dictionaries,
        "parameters": parameters,
        "generation": {
            "max-examples": EXAMPLES,
            # NUL has tests of its own; here it would only crowd out the rest.
            "allow-x00": False,
            "no-shrink": True,
        },
        "phases": {"stateful": {"enabled": False}},
        "checks": {
            # A value may be of the right shape and yet break a rule of the programme.
            "positive_data_acceptance": {"expected-statuses": ["2xx", *_REFUSALS]},
            # RFC 6585: the missing If-Match has a status of its own.
            "missing_required_header": {"expected-statuses": ["400", "401", "403", "422", "428"]},
        },
    }


def _toml(settings: Mapping[str, Any], table: str = "") -> str:
    """The settings as TOML, whose keys and values here are JSON too."""
    lines = [f"[{table}]"] if table else []
    lines += [
        f"{json.dumps(name)} = {json.dumps(value)}"
        for name, value in settings.items()
        if not isinstance(value, dict)
    ]
    for name, value in settings.items():
        if isinstance(value, dict):
            below = f"{table}.{json.dumps(name)}" if table else json.dumps(name)
            lines.append(_toml(value, below))
    return "\n".join(lines)
