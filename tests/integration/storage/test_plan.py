import asyncio

import pytest

from kentongan.storage import plan
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageNotPrepared
from kentongan.storage.indexes import Index, Layout
from tests.integration.storage.drums import SEAT, drum_store


def steps(changes: list[plan.LayoutChange]) -> list[str]:
    return [str(change) for change in changes]


async def test_a_plan_is_carried_out_once(database: Database) -> None:
    layouts = [drum_store(database).layout, Layout("directory.kims"), DeadLetters.layout]
    expected = [
        "create-collection drums",
        "create-index drums.seat",
        "create-index drums.pending_since",
        "create-collection directory.kims",
        "create-collection dead_letters",
        "create-index dead_letters.pending_since",
        "create-index dead_letters.status_at_id",
    ]
    assert steps(await plan.plan(database, layouts)) == expected
    with pytest.raises(StorageNotPrepared) as refused:
        await plan.verify(database, layouts)
    assert list(refused.value.changes) == expected

    assert steps(await plan.apply(database, layouts)) == expected
    assert await plan.apply(database, layouts) == []
    await plan.verify(database, layouts)


async def test_several_processes_may_apply_at_once(database: Database) -> None:
    layouts = [drum_store(database).layout, Layout("directory.kims")]
    await asyncio.gather(*(plan.apply(database, layouts) for _ in range(8)))
    await plan.verify(database, layouts)


async def test_an_index_that_differs_is_replaced_unless_it_holds_a_rule(
    database: Database,
) -> None:
    await plan.apply(database, [Layout("drums", (Index((("state.a", 1),), "by"), SEAT))])
    other = Index((("state.b", -1),), "by", expire_after_seconds=60)
    assert steps(await plan.apply(database, [Layout("drums", (other,))])) == [
        "replace-index drums.by"
    ]
    await plan.verify(database, [Layout("drums", (other, SEAT))])

    looser = Index(SEAT.keys, SEAT.name, unique=True)
    new = Index((("state.c", 1),), "c")
    with pytest.raises(StorageNotPrepared, match=r"conflict drums\.seat"):
        await plan.apply(database, [Layout("drums", (looser, new))])
    assert "create-index drums.c" in steps(await plan.plan(database, [Layout("drums", (new,))]))
