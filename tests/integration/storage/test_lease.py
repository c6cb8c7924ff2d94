import asyncio

from kentongan.storage.driver import Database
from kentongan.storage.lease import Lease
from tests.support.waiting import eventually


async def test_of_many_that_ask_one_holds_it(database: Database) -> None:
    leases = [Lease(database, "relay", f"process-{number}") for number in range(16)]
    granted = await asyncio.gather(*(lease.acquire() for lease in leases))
    assert granted.count(True) == 1
    assert [lease.held for lease in leases] == granted

    holder = leases[granted.index(True)]
    assert await holder.acquire()
    assert await holder.renew()
    other = leases[granted.index(False)]
    assert not await other.renew()
    assert await Lease(database, "courier", "process-x").acquire()


async def test_a_released_lease_is_free_at_once(database: Database) -> None:
    first, second = Lease(database, "relay", "first"), Lease(database, "relay", "second")
    assert await first.acquire()
    await second.release()
    assert not await second.acquire()
    await first.release()
    assert not first.held
    assert await second.acquire()
    assert not await first.renew()


async def test_a_sleeper_stops_believing_before_another_takes_over(database: Database) -> None:
    sleeper = Lease(database, "relay", "sleeper", ttl=1.5)
    heir = Lease(database, "relay", "heir", ttl=30)
    assert await sleeper.acquire()
    assert not await heir.acquire()

    await eventually(heir.acquire, what="the sleeper's lease has run out")
    assert not sleeper.held
    assert not await sleeper.renew()
    assert heir.held


async def test_an_expired_lease_is_not_renewed_but_acquired_anew(database: Database) -> None:
    lease = Lease(database, "relay", "alone", ttl=0.1)
    assert await lease.acquire()

    async def has_run_out() -> bool:
        return not lease.held and not await lease.renew()

    await eventually(has_run_out, what="the lease has run out")
    assert not lease.held
    assert await lease.acquire()
