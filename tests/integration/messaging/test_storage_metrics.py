"""What an operator's figures say of the outboxes and of the database's connections."""

import pytest
from prometheus_client import REGISTRY

from kentongan.messaging.relay import observing
from kentongan.messaging.relay.observing import OutboxView
from kentongan.storage.driver import Client, close, connect, open_database
from kentongan.storage.lease import Lease
from kentongan.testing.environment import Backends
from tests.integration.messaging.village import SERVICE, Village
from tests.support.waiting import eventually


def shown(name: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"service": SERVICE})


async def test_an_outbox_is_shown_where_nobody_leads(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOOK_SECONDS", "LEADERS_SECONDS", "OTHERS_SECONDS"):
        monkeypatch.setattr(observing, name, 0.1)
    await village.register("kim-1")
    await village.register("kim-2")
    view = OutboxView(SERVICE, village.database, village.outbox.collections)
    await view.start()
    try:
        await eventually(lambda: shown("kentongan_outbox_backlog_aggregates") == 2.0)
        assert (shown("kentongan_outbox_oldest_age_seconds") or 0.0) > 0.0
        assert shown("kentongan_relay_leader") == 0.0
        lease = Lease(village.database, "relay", "somebody")
        assert await lease.acquire()
        # Whoever leads shows it: two figures would be one too many.
        await eventually(lambda: shown("kentongan_outbox_backlog_aggregates") is None)
        await lease.release()
        await eventually(lambda: shown("kentongan_outbox_backlog_aggregates") == 2.0)
    finally:
        await view.stop()
    assert shown("kentongan_outbox_backlog_aggregates") is None


async def test_the_pool_is_counted(stack: Backends, mongo_database_name: str) -> None:
    seen: list[tuple[int, int]] = []
    client: Client = connect(
        stack.mongo_uri, application="pool", on_pool=lambda *now: seen.append(now)
    )
    assert seen == [(0, 0)]
    await open_database(client, mongo_database_name).command("ping")
    await eventually(lambda: seen[-1] == (1, 0))
    assert (1, 1) in seen
    close(client)
    await eventually(lambda: seen[-1] == (0, 0))
