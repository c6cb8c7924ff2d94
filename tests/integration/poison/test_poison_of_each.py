"""Every topic that is read by somebody: poison is set aside by each reader, the rest applied."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from kentongan.contracts.event import Event
from kentongan.testing.environment import Backends
from kentongan.testing.poison_records import event_record, poison_records
from tests.integration.poison.readers import READ_MODELS, Readers, ask, open_readers
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("poison-of-each")]

KINDS = list(dict.fromkeys(kind for _, _, kind in READ_MODELS))
UNKNOWN = 12
"""Records of a type that nobody knows."""
SKIPPED = "kentongan_records_skipped_total"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def readers(
    stack: Backends, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Readers]:
    async with open_readers(stack, tmp_path_factory.mktemp("readers")) as readers:
        yield readers


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.contract.topic.name)
async def test_each_poison_is_set_aside_once_and_its_neighbours_are_applied(
    readers: Readers, kind: type[Event]
) -> None:
    reading = [(service, name) for service, name, read in READ_MODELS if read is kind]
    before = {service: await readers.letters(service) for service, _ in reading}
    skipped = {service: await readers.metric(service, SKIPPED) for service, _ in reading}
    poison = list(poison_records(kind, "beracun"))
    fed = [
        record
        for place, (_, bad) in enumerate(poison)
        for record in (event_record(kind, f"baik-{place}"), bad)
    ]
    unknown = [
        event_record(kind, f"asing-{place}").with_header("ce_type", b"kentongan.desa.Asing.v1")
        for place in range(UNKNOWN)
    ]
    # Their data is theirs to define.
    unknown[0] = replace(unknown[0], value=b"bukan JSON")
    await readers.feed(kind, [*fed, *unknown, event_record(kind, "baik-akhir")])

    neighbours = {f"baik-{place}" for place in (*range(len(poison)), "akhir")}
    for service, name in reading:

        async def applied(service: str = service, name: str = name) -> bool:
            return keys(await readers.held(service, name)) >= neighbours

        await eventually(applied, what=f"the neighbours in {service}'s {name}")
        assert keys(await readers.held(service, name)) == neighbours

        async def set_aside(service: str = service) -> bool:
            return len(await readers.letters(service)) >= len(before[service]) + len(poison)

        await eventually(set_aside, what=f"the dead letters of {service}")
        known = {letter.id for letter in before[service]}
        new = [letter for letter in await readers.letters(service) if letter.id not in known]
        assert Counter(one.reason for one in new) == Counter(reason for reason, _ in poison)
        in_order = sorted(new, key=lambda one: one.offset)
        for letter, (_, bad) in zip(in_order, poison, strict=True):
            assert (letter.key, letter.value, letter.headers) == (
                *(bad.key, bad.value, tuple(bad.headers)),
            )

        async def counted(service: str = service) -> bool:
            return await readers.metric(service, SKIPPED) == skipped[service] + UNKNOWN

        await eventually(counted, what=f"the count of what {service} skipped")
        assert (await ask(readers.processes[service], "/health/ready")).is_success


def keys(held: dict[str, int]) -> set[str]:
    """The keys of what a read model holds; the events made by hand are named after theirs."""
    return {each.removesuffix("-1") if each.count("-") > 1 else each for each in held}
