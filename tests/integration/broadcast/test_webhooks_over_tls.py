"""Webhooks over TLS: to the name that the certificate is for, by an authority that is believed."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from kentongan.testing.environment import Backends
from tests.integration.broadcast.couriers import (
    AUDIENCE,
    courier_of,
    courier_process,
    deliveries_of,
    figures,
    groups_with_webhooks,
    reach,
)
from tests.integration.broadcast.receiver import Receiver, receiving
from tests.integration.broadcast.running import Running
from tests.support.clock import Clock


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
async def running(
    stack: Backends, mongo_database_name: str, authority: trustme.CA, tmp_path: Path
) -> AsyncIterator[Running]:
    """A courier that believes the city's authority."""
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    async with courier_process(stack, mongo_database_name, Clock(), broadcast_ca_file=file) as one:
        yield one


@asynccontextmanager
async def receiving_as(name: str, authority: trustme.CA) -> AsyncIterator[Receiver]:
    """A receiver whose certificate is for this name."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(tls)
    async with receiving(tls) as receiver:
        yield receiver


async def sent(running: Running, receiver: Receiver) -> str:
    """A content's id, once the courier has tried to deliver it."""
    content_id = await running.desk("diskominfo").published(audience=AUDIENCE)
    await courier_of(running).turn()
    return content_id


async def test_a_webhook_is_delivered_over_tls(running: Running, authority: trustme.CA) -> None:
    async with receiving_as("localhost", authority) as receiver:
        groups = await groups_with_webhooks(running, receiver, groups=1)
        for _ in range(2):
            content_id = await sent(running, receiver)
            assert figures(await reach(running.desk("diskominfo"), content_id)) == (2, 0, 0, 0)
    (receipts,) = groups.values()
    assert receiver.connections == 1, "the connection is kept"
    for request in receiver.received:
        assert request.verified(receipts[0]["secret"])["type"] == "content.published"


@pytest.mark.parametrize(
    ("name", "issued_by_the_citys"), [("kim.example.id", True), ("localhost", False)]
)
async def test_a_certificate_that_is_not_believed_gets_no_content(
    running: Running, authority: trustme.CA, name: str, issued_by_the_citys: bool
) -> None:
    """For another name, or by an authority that nobody knows."""
    async with receiving_as(name, authority if issued_by_the_citys else trustme.CA()) as receiver:
        await groups_with_webhooks(running, receiver, groups=1)
        await sent(running, receiver)
    assert receiver.received == []
    (waiting,) = await deliveries_of(running, status="pending")
    assert waiting["last"] == {"at": running.clock.now, "status": None, "error": "certificate"}
