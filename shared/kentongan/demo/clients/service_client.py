"""A client of a service's public interface: with a journal, idempotency keys, and patience."""

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from kentongan.demo.clients.bearers import Bearer
from kentongan.demo.clients.problem import CommandRefused, Problem
from kentongan.demo.consistency.journal import Answer, Expectation, Journal, now

PATIENCE_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 2.0


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
    """Speaks to one service for one caller; for nobody, as the public does, without a bearer."""

    def __init__(
        self, http: httpx.AsyncClient, journal: Journal, *, bearer: Bearer | None = None
    ) -> None:
        self._http = http
        self._journal = journal
        self._bearer = bearer

    def acting_as(self, bearer: Bearer | None) -> "ServiceClient":
        """The same service for another caller."""
        return ServiceClient(self._http, self._journal, bearer=bearer)

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
        headers = {"idempotency-key": uuid.uuid4().hex}
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
        response = await self._http.get(path, params=parameters, headers=await self._authorized())
        response.raise_for_status()
        return _json(response)

    async def read_text(self, address: str) -> str:
        """What lies at a path or an absolute address, as text. Raises httpx.HTTPStatusError."""
        response = await self._http.get(address, headers=await self._authorized())
        response.raise_for_status()
        return response.text

    async def find(self, path: str) -> dict[str, Any] | None:
        """One resource, or None where the service doesn't have it (yet)."""
        response = await self._http.get(path, headers=await self._authorized())
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

    async def _authorized(self) -> dict[str, str]:
        if self._bearer is None:
            return {}
        return {"authorization": f"Bearer {await self._bearer.token()}"}

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: Mapping[str, Any]
    ) -> tuple[httpx.Response, int, float]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        attempts = 0
        while True:
            attempts += 1
            authorized = {**headers, **await self._authorized()}
            started = time.monotonic()
            try:
                response = await self._http.request(method, path, headers=authorized, **body)
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
