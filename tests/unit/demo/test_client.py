"""The client repeats what may pass under one key, and gives up on what the rules forbid."""

import itertools
from collections.abc import Callable

import httpx
import pytest

from kentongan.demo.clients.problem import CommandRefused
from kentongan.demo.clients.service_client import ServiceClient
from kentongan.demo.clients.tokens import Tokens
from kentongan.demo.consistency.journal import Journal

OK = httpx.Response(200, json={"id": "a", "version": 4}, headers={"etag": '"4"'})


def problem(status: int, rule: str, **headers: str) -> httpx.Response:
    body = {"type": f"urn:kentongan:problem:{rule}", "rule": rule, "detail_en": "No."}
    return httpx.Response(status, json=body, headers=headers)


class Service:
    """Answers one after the other; a callable raises or looks at the request."""

    def __init__(
        self, *answers: httpx.Response | Callable[[httpx.Request], httpx.Response]
    ) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = itertools.chain(answers[:-1], itertools.repeat(answers[-1]))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = next(self._answers)
        return answer(request) if callable(answer) else answer


def client_of(service: Service) -> tuple[ServiceClient, Journal]:
    journal = Journal()
    http = httpx.AsyncClient(base_url="http://registry", transport=httpx.MockTransport(service))
    return ServiceClient(http, journal, bearer=Tokens("36.71").diskominfo()), journal


def cut(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("cut", request=request)


@pytest.mark.parametrize(
    "passing",
    [
        problem(503, "storage-unavailable"),
        problem(409, "not-known-yet"),
        problem(409, "too-many-conflicts"),
        cut,
    ],
)
async def test_what_may_pass_is_repeated_under_the_same_key(passing: httpx.Response) -> None:
    service = Service(passing, OK)
    client, journal = client_of(service)
    accepted = await client.command("kim.submit", "POST", "/x", publishes="KimUpdated")
    keys = {request.headers["idempotency-key"] for request in service.requests}
    assert (len(service.requests), len(keys), accepted.version) == (2, 1, 4)
    (entry,) = journal.entries.values()
    assert entry.answer is not None
    assert entry.answer.attempts == 2
    assert [(one.event, one.key, one.sequence) for one in entry.expectations] == [
        ("KimUpdated", "a", 4)
    ]


async def test_a_refusal_is_final_and_journalled_with_its_rule() -> None:
    service = Service(problem(409, "seat-taken"))
    client, journal = client_of(service)
    with pytest.raises(CommandRefused) as refusal:
        await client.command("kim.register", "POST", "/x", aggregate="a", publishes="KimRegistered")
    assert refusal.value.problem.rule == "seat-taken"
    (entry,) = journal.entries.values()
    assert entry.answer is not None
    assert (len(service.requests), entry.answer.rule, entry.expectations) == (1, "seat-taken", ())


async def test_the_question_is_in_the_journal_before_it_is_asked() -> None:
    open_questions: list[int] = []

    def look(_: httpx.Request) -> httpx.Response:
        open_questions.extend(entry.answer is None for entry in journal.entries.values())
        return OK

    client, journal = client_of(Service(look))
    await client.command("kim.submit", "POST", "/x")
    assert open_questions == [True]


async def test_a_listing_is_read_to_its_last_page() -> None:
    service = Service(
        httpx.Response(200, json={"items": [{"id": "a"}], "next_cursor": "c"}),
        httpx.Response(200, json={"items": [{"id": "b"}], "next_cursor": None}),
    )
    client, _ = client_of(service)
    assert [one["id"] for one in await client.read_all("/v1/kims", limit=1)] == ["a", "b"]
    assert service.requests[1].url.params["cursor"] == "c"
