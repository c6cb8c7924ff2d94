import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from kentongan.messaging.relay.wake_up import WakeUp
from kentongan.storage.errors import StorageUnavailable, UnencodableDocument
from kentongan.storage.outbox import Outbox

WRITTEN = ("kims", "kim-1")


class Streams(Outbox):
    """Change streams that end as they are told, one after the other; the last tells of a write."""

    def __init__(self, ends: Sequence[Exception | None]) -> None:
        self._ends = list(ends)

    async def watch(self) -> AsyncIterator[tuple[str, str]]:
        if not self._ends:
            yield WRITTEN
            await asyncio.Event().wait()
        if (end := self._ends.pop(0)) is not None:
            raise end


@pytest.mark.parametrize(
    "ends",
    [
        [StorageUnavailable("resume point may no longer be in the oplog")],
        [UnencodableDocument("a change over 16 MB")],
        [RuntimeError("what nobody has thought of")],
        [None, RuntimeError("odd"), None],
    ],
    ids=repr,
)
async def test_a_stream_that_ends_starts_again(ends: list[Exception | None]) -> None:
    wake_up = WakeUp(Streams(ends), is_taken=lambda _: False)
    watching = asyncio.create_task(wake_up.watch())
    waiting = asyncio.create_task(wake_up.wait(3600.0))

    done, _ = await asyncio.wait((waiting, watching), timeout=60, return_when="FIRST_COMPLETED")

    assert done == {waiting}
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
