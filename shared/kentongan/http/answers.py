"""Answers of commands and single resources: always with an ETag."""

from collections.abc import Mapping
from typing import Any, Protocol

from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from kentongan.http.etags import etag


class AnsweredCommand(Protocol):
    """What a command's outcome holds; `kentongan.storage.aggregates.store.Outcome` is one."""

    @property
    def status(self) -> int:
        """The HTTP status, as it was answered the first time."""

    @property
    def answer(self) -> dict[str, Any]:
        """The receipt."""

    @property
    def version(self) -> int:
        """The aggregate's version after the command."""

    @property
    def replayed(self) -> bool:
        """Whether an earlier answer under the same key is repeated."""


def answer(outcome: AnsweredCommand, location: str | None = None) -> JSONResponse:
    """Answer a command: its receipt, the ETag, and whether an earlier answer is repeated."""
    headers = {"ETag": etag(outcome.version)}
    if location is not None:
        headers["Location"] = location
    if outcome.replayed:
        headers["Idempotency-Replayed"] = "true"
    return JSONResponse(
        jsonable_encoder(outcome.answer), status_code=outcome.status, headers=headers
    )


def shown(resource: BaseModel | Mapping[str, Any], version: int) -> JSONResponse:
    """Answer a query for one resource, with the ETag that a later If-Match needs."""
    return JSONResponse(jsonable_encoder(resource), headers={"ETag": etag(version)})
