"""What a service says when it refuses."""

from dataclasses import dataclass

import httpx

from kentongan.http.trace import CORRELATION_HEADER

PASSING_RULES = frozenset({"not-known-yet", "too-many-conflicts"})
"""409 that a client is asked to repeat: the service is behind by a moment, or busy."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal as the service words it (RFC 9457)."""

    status: int
    code: str
    rule: str
    title: str
    title_en: str
    detail: str
    detail_en: str
    field: str | None
    retry_after: float | None
    correlation_id: str
    """By which the services' logs know the request."""

    @classmethod
    def of(cls, response: httpx.Response) -> "Problem":
        """The problem document of an answer; an answer without one is worded by its status."""
        try:
            body = response.json()
        except ValueError:
            body = {}
        if not isinstance(body, dict):
            body = {}
        code = str(body.get("type", "")).removeprefix("urn:kentongan:problem:")
        errors = body.get("errors") or [{}]
        pause = response.headers.get("retry-after")
        return cls(
            status=response.status_code,
            code=code,
            rule=str(body.get("rule") or code or response.status_code),
            title=str(body.get("title", response.reason_phrase)),
            title_en=str(body.get("title_en", response.reason_phrase)),
            detail=str(body.get("detail", "")),
            detail_en=str(body.get("detail_en", "")),
            field=errors[0].get("pointer"),
            retry_after=float(pause) if pause and pause.isdigit() else None,
            correlation_id=response.headers.get(CORRELATION_HEADER, ""),
        )

    @property
    def passing(self) -> bool:
        """Whether the same command may succeed in a moment."""
        return self.status == httpx.codes.SERVICE_UNAVAILABLE or (
            self.status == httpx.codes.CONFLICT
            and (self.rule in PASSING_RULES or self.code in PASSING_RULES)
        )


class CommandRefused(Exception):
    """A service said no, and repeating won't help."""

    def __init__(self, command: str, problem: Problem) -> None:
        super().__init__(
            f"{command}: {problem.status} {problem.rule}: {problem.detail_en} "
            f"(correlation_id={problem.correlation_id})"
        )
        self.command = command
        self.problem = problem
