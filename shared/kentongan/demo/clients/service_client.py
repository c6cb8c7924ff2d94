"""A client of a service's public interface: with a journal, idempotency keys, and patience."""

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from kentongan.demo.consistency.journal import Answer, Expectation, Journal, now

PATIENCE_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 2.0
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
        super().__init__(f"{command}: {problem.status} {problem.rule}: {problem.detail_en}")
        self.command = command
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Accepted:
    """An acknowledged command. `answered_at` is of the monotonic clock, in seconds."""

    body: dict[str, Any]
    version: int
    answered_at: float

    @property
    def id(self) -> str:
        """The aggregate's id."""
        return str(self.body["id"])


Expecting = Callable[[Accepted], Sequence[Expectation]]


class ServiceClient:
    """Speaks to one service for one caller. `public` is the same interface without a token."""

    def __init__(
        self, http: httpx.AsyncClient, journal: Journal, *, token: str | None = None
    ) -> None:
        self._http = http
        self._journal = journal
        self._headers = {"authorization": f"Bearer {token}"} if token else {}

    def acting_as(self, token: str | None) -> "ServiceClient":
        """The same service for another caller."""
        return ServiceClient(self._http, self._journal, token=token)

    async def command(
        self,
        name: str,
        method: str,
        path: str,
        payload: Mapping[str, Any] | None = None,
        *,
        content: tuple[bytes, str] | None = None,
        if_match: int | None = None,
        aggregate: str | None = None,
        publishes: str | None = None,
        expecting: Expecting | None = None,
    ) -> Accepted:
        """Send a command until it is accepted or refused for good, under one idempotency key.

        `publishes` names the event that its acceptance must publish, keyed and numbered as the
        receipt says; `expecting` derives what else must be found. Raises CommandRefused.
        """
        command_id = self._journal.sent(
            name, method, path, aggregate=aggregate, publishes=publishes
        )
        headers = {**self._headers, "idempotency-key": uuid.uuid4().hex}
        if if_match is not None:
            headers["if-match"] = f'"{if_match}"'
        body: dict[str, Any] = {"json": payload} if content is None else {"content": content[0]}
        if content is not None:
            headers["content-type"] = content[1]
        response, attempts, milliseconds = await self._send(method, path, headers, body)
        answered_at = time.monotonic()
        if response.is_success:
            accepted = Accepted(_json(response), _version(response), answered_at)
            expectations = [*_own_event(accepted, publishes, aggregate)]
            if expecting is not None:
                expectations.extend(expecting(accepted))
            self._journal.answered(
                command_id,
                Answer(
                    status=response.status_code,
                    aggregate=accepted.body.get("id", aggregate),
                    version=accepted.version,
                    rule=None,
                    attempts=attempts,
                    milliseconds=milliseconds,
                    replayed=response.headers.get("idempotency-replayed") == "true",
                    at=now(),
                ),
                expectations,
            )
            return accepted
        problem = Problem.of(response)
        self._journal.answered(
            command_id,
            Answer(
                status=response.status_code,
                aggregate=aggregate,
                version=None,
                rule=problem.rule,
                attempts=attempts,
                milliseconds=milliseconds,
                replayed=False,
                at=now(),
            ),
        )
        raise CommandRefused(name, problem)

    async def read(self, path: str, **parameters: str | int) -> dict[str, Any]:
        """A query's answer. Raises httpx.HTTPStatusError."""
        response = await self._http.get(path, params=parameters, headers=self._headers)
        response.raise_for_status()
        return _json(response)

    async def read_text(self, address: str) -> str:
        """What lies at a path or an absolute address, as text. Raises httpx.HTTPStatusError."""
        response = await self._http.get(address, headers=self._headers)
        response.raise_for_status()
        return response.text

    async def find(self, path: str) -> dict[str, Any] | None:
        """One resource, or None where the service doesn't have it (yet)."""
        response = await self._http.get(path, headers=self._headers)
        if response.status_code in {httpx.codes.NOT_FOUND, httpx.codes.CONFLICT}:
            return None
        response.raise_for_status()
        return _json(response)

    async def read_all(self, path: str, **parameters: str | int) -> list[dict[str, Any]]:
        """All items of a listing, page by page."""
        items: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            more = {"cursor": cursor} if cursor else {}
            page = await self.read(path, **parameters, **more)
            items.extend(page["items"])
            cursor = page.get("next_cursor")
            if not cursor:
                return items

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any]
    ) -> tuple[httpx.Response, int, float]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        attempts = 0
        while True:
            attempts += 1
            started = time.monotonic()
            try:
                response = await self._http.request(method, path, headers=dict(headers), **body)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(min(LONGEST_PAUSE_SECONDS, 0.1 * attempts))
                continue
            milliseconds = 1000 * (time.monotonic() - started)
            if response.is_success or time.monotonic() > deadline:
                return response, attempts, milliseconds
            problem = Problem.of(response)
            if not problem.passing:
                return response, attempts, milliseconds
            pause = problem.retry_after or 0.1 * attempts
            await asyncio.sleep(min(LONGEST_PAUSE_SECONDS, pause))


def _json(response: httpx.Response) -> dict[str, Any]:
    body = response.json()
    return body if isinstance(body, dict) else {"items": body}


def _version(response: httpx.Response) -> int:
    tag = response.headers.get("etag", "").strip('"')
    return int(tag) if tag.isdigit() else 0


def _own_event(
    accepted: Accepted, publishes: str | None, aggregate: str | None
) -> list[Expectation]:
    if publishes is None:
        return []
    key = str(accepted.body.get("id") or aggregate)
    return [Expectation(event=publishes, key=key, sequence=accepted.version)]
