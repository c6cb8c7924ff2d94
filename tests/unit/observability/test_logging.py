"""No log line shows what a person entered, not even where code breaks upon it."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import ValidationError

from kentongan.contracts.registry import KimRegistered
from kentongan.observability.logging import LogFormat, configure_logging
from services.placement.domain.enrolments import Enrolment
from services.registry.api.payloads import MemberPayload
from services.registry.domain.kim import Member

SITI = "Siti Aminah 3671"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def fail() -> None:
    members: dict[str, str] = {}
    try:
        members[SITI]
    except KeyError as error:
        raise ValueError(f"no such member: {SITI}") from error


@pytest.mark.parametrize("log_format", ["json", "console"])
@pytest.mark.parametrize("foreign", [True, False])
def test_an_exception_shows_types_and_places_but_no_values(
    capsys: pytest.CaptureFixture[str], log_format: LogFormat, foreign: bool
) -> None:
    configure_logging("registry", log_format=log_format)
    try:
        fail()
    except ValueError:
        if foreign:
            logging.getLogger("library").exception("library failed")
        else:
            structlog.get_logger("kit").exception("kit.failed")

    printed = capsys.readouterr().err
    assert SITI not in printed
    shown = json.loads(printed)["exception"] if log_format == "json" else printed
    assert f"{__name__}, line " in shown
    assert ", in fail" in shown
    assert shown.index("KeyError") < shown.index("ValueError")


@pytest.mark.parametrize("model", [Member, Enrolment, KimRegistered, MemberPayload])
def test_errors_of_what_carries_personal_data_show_no_values(model: type[Member]) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate({field: {"name": SITI} for field in model.model_fields})

    assert SITI not in str(refused.value)
