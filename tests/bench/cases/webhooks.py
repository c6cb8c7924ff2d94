"""Webhooks sent per second to a local receiver, which has a process of its own.

4,000 deliveries that are due, each on another channel, 64 on the wire at once. Kit: one turn of the
courier: claim them, look at content and channel before each, derive its secret, sign, post, record
what came of it (majority, journalled), and the content's reach at the end. Bare: the same HTTP
client (httpcore, on which httpx is built) with the same limits: 64 callers, each on a connection of
its own, post the same body under headers signed beforehand; nothing is claimed, looked at, checked
or written down. The second row is against one httpx client that all 64 callers share, as its pages
show it, with a tenth as many: its pool asks the system about every connection at each request.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import cast

import httpcore
import httpx

from kentongan.domain.clock import utc_now
from services.broadcast.app import service
from services.broadcast.courier.courier import Courier
from services.broadcast.courier.posting import Header
from services.broadcast.courier.webhooks import content_body, signed
from services.broadcast.domain.deliveries import content_delivery_id
from services.broadcast.domain.secrets import SigningSecrets
from services.broadcast.stores import open_stores
from tests.bench.assembled import assemble, layouts
from tests.bench.broadcasting import SETTINGS, WEBHOOKS, content, planning, publish, seed
from tests.bench.calling import called
from tests.bench.data import identity
from tests.bench.measuring import Comparison, Run, Stopwatch, alternate
from tests.bench.receiving import receiver
from tests.bench.workbench import Workbench

GROUPS = 2_000
SHARE = 10
AT_ONCE = SETTINGS.broadcast_sends_at_once


async def run(workbench: Workbench) -> Sequence[Comparison]:
    groups = workbench.amount(GROUPS)
    async with (
        receiver() as url,
        workbench.kit_database(
            lambda one: layouts(assemble(service, SETTINGS, one), one)
        ) as database,
    ):
        await seed(database, groups, url)
        stores = open_stores(database)
        courier = cast(Courier, assemble(service, SETTINGS, database).workers["courier"])

        async def kit() -> Run:
            published = await publish(stores)
            await planning(stores, database).plan_waiting()
            watch = Stopwatch()
            watch.start()
            await courier.turn()
            watch.stop()
            arrived = await stores.deliveries.count(
                {"content_id": published.content_id, "channel_id": {"$gt": ""}, "attempts": 1}
                | {"status": "delivered"}
            )
            if arrived != groups * WEBHOOKS:
                raise AssertionError(f"{arrived} arrived, not {groups * WEBHOOKS}")
            return watch.run(arrived)

        body = content_body(content(0)).encode()
        kit_runs, bare_runs, shared_runs = await alternate(
            workbench.pairs,
            kit,
            lambda: posted(url, body, groups * WEBHOOKS),
            lambda: posted_by_one(url, body, groups * WEBHOOKS // SHARE),
        )
        await courier.stop()
    note = f"{groups * WEBHOOKS:,} to a local receiver, {AT_ONCE} at once"
    shared = "against one shared httpx client"
    return [
        Comparison("webhooks", kit_runs, bare_runs, items="webhooks", note=note),
        Comparison("webhooks", kit_runs, shared_runs, items="webhooks", note=shared),
    ]


async def posted(url: str, body: bytes, amount: int) -> Run:
    """The body, so many times, by callers that have a connection each."""
    headers = signed_headers(body)
    async with AsyncExitStack() as stack:
        pools = [
            await stack.enter_async_context(httpcore.AsyncConnectionPool(max_connections=1))
            for _ in range(AT_ONCE)
        ]

        async def post(_: int) -> None:
            pool = pools.pop()
            async with pool.stream("POST", url, headers=headers, content=body) as answer:
                async for _part in answer.aiter_stream():
                    pass
            _refuse(answer.status)
            pools.append(pool)

        return await called(post, range(amount), callers=AT_ONCE)


async def posted_by_one(url: str, body: bytes, amount: int) -> Run:
    """The body, so many times, by callers that share a client."""
    headers = signed_headers(body)
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(limits=limits) as client:

        async def post(_: int) -> None:
            answer = await client.post(url, headers=headers, content=body)
            _refuse(answer.status_code)

        return await called(post, range(amount), callers=AT_ONCE)


def signed_headers(body: bytes) -> list[Header]:
    """What the courier sends beside the body."""
    delivery = content_delivery_id(identity(0), 1, identity(1), identity(2))
    secrets = (SigningSecrets("bench").of(identity(2), 1),)
    return signed(delivery, body.decode(), secrets, utc_now())


def _refuse(status: int) -> None:
    if status != 204:
        raise AssertionError(f"answered {status}")
