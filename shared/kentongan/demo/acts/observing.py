"""Last act: the delay is measured, topics and views are read, and the promises are checked."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.demo.acts.outreach import Outreach
from kentongan.demo.acts.placing import Cohort, enrolments, placed
from kentongan.demo.acts.registering import edit_profile
from kentongan.demo.acts.views import (
    broadcast_views,
    programme_views,
    read_trails,
    recounted_notices,
    recounted_reach,
    recounted_webhooks,
    scoring_recounts,
    scoring_views,
)
from kentongan.demo.acts.world import Group, World
from kentongan.demo.clients.delays import Delays, until_visible
from kentongan.demo.clients.service_client import ServiceClient
from kentongan.demo.clients.waiting import until
from kentongan.demo.consistency.checker import Verdict, check_consistency
from kentongan.demo.consistency.findings import FindingKind
from kentongan.demo.consistency.topics import TopicReading, read_topics
from kentongan.demo.summary import Text, TopicFigures
from kentongan.settings import KafkaSettings

OTHERS = ("placement", "broadcast", "scoring")
"""The services that keep a directory of groups."""
SAMPLE, QUICK_SAMPLE = 120, 30
SETTLING_SECONDS = 20.0
UNPROMPTED = frozenset({"AssignmentFlagged", "ContentDelivered"})
"""Issued by placement's reaction and broadcast's courier, not by a client."""


@dataclass(frozen=True, slots=True)
class Observed:
    """What was read once all was quiet."""

    reading: TopicReading
    entries: tuple[Mapping[str, Any], ...]
    outreach: Outreach
    notices: int
    """In all groups' inboxes."""
    verdict: Verdict


async def until_all_known(world: World) -> None:
    """Wait until every service knows every group as the registry has it."""
    world.progress.begin(
        Text("Layanan lain mengenal semua KIM", "The other services know all groups"),
        len(OTHERS),
    )

    async def known(service: ServiceClient) -> bool | None:
        found = await service.read_all("/v1/kims", region=world.city.code, limit=200)
        versions = {one["id"]: one["version"] for one in found}
        behind = [one for one in world.groups.values() if versions.get(one.id, 0) < one.version]
        return True if not behind else None

    for name in OTHERS:
        look = partial(known, getattr(world, name))
        await until(look, seconds=30, what=f"{name}'s directory of groups")
        world.progress.advance()


async def measure_delays(world: World, *, quick: bool) -> Delays:
    """Profile changes one after the other, each looked for in placement's directory at once."""
    active = sorted(
        (group for group in world.groups.values()), key=lambda group: group.dossier.village.code
    )
    count = QUICK_SAMPLE if quick else SAMPLE
    chosen = [active[number % len(active)] for number in range(count)]
    world.progress.begin(Text("Mengukur jeda, di luar beban", "Measuring the delay"), count)
    milliseconds: list[float] = []
    for group in chosen:
        milliseconds.append(await _one_delay(world, group))
        world.progress.advance()
    return Delays(tuple(milliseconds))


async def observe(
    world: World, cohort: Cohort, outreach: Outreach, kafka: KafkaSettings
) -> Observed:
    """Read and check, again while something is only late; what stays lost is lost."""
    world.progress.begin(Text("Memeriksa semuanya", "Checking everything"), 1)
    deadline = time.monotonic() + SETTLING_SECONDS
    while True:
        observed = await _observe(world, cohort, outreach, kafka)
        verdict = observed.verdict
        late = all(finding.kind is FindingKind.LOST for finding in verdict.findings)
        if verdict.good or not late or time.monotonic() > deadline:
            world.progress.advance()
            return observed


async def _observe(
    world: World, cohort: Cohort, outreach: Outreach, kafka: KafkaSettings
) -> Observed:
    """One look at everything; views before topics, so that no view is ahead of its topic."""
    views, entries = await programme_views(world, cohort)
    views += await broadcast_views(world)
    views += await scoring_views(world, outreach.contest)
    students = placed(await enrolments(world, cohort))
    reading = await read_topics(kafka, CATALOGUE.topics)
    assigned = {one["id"]: one["assignment"]["kim_id"] for one in students}
    notices = await recounted_notices(world, assigned)
    verdict = check_consistency(
        world.journal.entries.values(),
        reading,
        views,
        trails=await read_trails(world),
        recounts=[
            *await scoring_recounts(world, reading, outreach.campaigns),
            await recounted_reach(world, reading, outreach.contents),
            notices,
            await recounted_webhooks(world, outreach.channels),
        ],
        unprompted=UNPROMPTED,
    )
    return Observed(reading, tuple(entries), outreach, notices.counted, verdict)


def topic_figures(reading: TopicReading) -> tuple[TopicFigures, ...]:
    """Records, distinct events and their times, topic by topic, in the catalogue's order."""
    figures: list[TopicFigures] = []
    for name, topic in CATALOGUE.topics.items():
        records = reading.of(name)
        first = {event.identity: event for event in reversed(records)}
        kinds = [event for event in CATALOGUE.events if event.contract.topic.name == name]
        names = [event.contract.name for event in kinds]
        counts = dict.fromkeys(names, 0)
        for event in first.values():
            counts[event.name] = counts.get(event.name, 0) + 1
        figures.append(
            TopicFigures(
                topic=name,
                service=topic.service,
                readers=tuple(sorted({one for kind in kinds for one in kind.contract.readers})),
                records=len(records),
                by_name={kind: count for kind, count in counts.items() if count},
                times=tuple(sorted(event.time for event in first.values())),
            )
        )
    return tuple(figures)


async def _one_delay(world: World, group: Group) -> float:
    accepted = await edit_profile(world, group)

    async def look() -> int | None:
        seen = await world.placement.find(f"/v1/kims/{group.id}")
        return int(seen["version"]) if seen else None

    return await until_visible(accepted, look)
