"""Kafka as a process of the service would meet it: reachable, rights, topics."""

import asyncio
from collections.abc import Collection, Iterator, Mapping

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.authorized import Seen, SeenTopic, group_operations, see_topics
from kentongan.messaging.kafka.clients import group_id, make_admin
from kentongan.messaging.kafka.topics import TopicChange, dead_letter_topic, topic_name
from kentongan.process.examination.eavesdropping import overheard
from kentongan.process.examination.findings import Finding, doubtful, failing, fine
from kentongan.settings import KafkaSettings

ANSWER_SECONDS = 30.0
SEEING = frozenset({"Describe", "DescribeConfigs"})


def wanted_operations(
    service: str, subscribed: Collection[str], played: Collection[str], settings: KafkaSettings
) -> dict[str, frozenset[str]]:
    """What these roles do on which topic, by the topic's name on the cluster."""
    wanted: dict[str, frozenset[str]] = {}
    own = [name for name, topic in CATALOGUE.topics.items() if topic.service == service]
    writing = {"Write"} if "relay" in played else set()
    for name in own:
        wanted[topic_name(settings, name)] = SEEING | writing
    wanted[dead_letter_topic(settings, service)] = SEEING | writing
    reading = {"Read"} if "consumer" in played else set()
    for name in subscribed:
        topic = topic_name(settings, name)
        wanted[topic] = wanted.get(topic, frozenset({"Describe"})) | reading
    return wanted


async def examine_cluster(
    service: str, subscribed: Collection[str], played: Collection[str], settings: KafkaSettings
) -> list[Finding]:
    """In the order in which a start would stumble; nothing is written, read or made."""
    wanted = wanted_operations(service, subscribed, played, settings)
    with overheard("aiokafka") as heard:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await _examine(
                    service, subscribed, wanted, settings, consumes="consumer" in played
                )
        except (KafkaError, OSError) as error:
            why = heard[-1] if heard else str(error) or "no answer in time"
            return [
                failing(
                    "kafka",
                    why,
                    "Periksa KENTONGAN_KAFKA_*: alamat, kata sandi, jaringan, dan sertifikat.",
                    "Check KENTONGAN_KAFKA_*: address, password, network and certificate.",
                )
            ]


async def _examine(
    service: str,
    subscribed: Collection[str],
    wanted: Mapping[str, frozenset[str]],
    settings: KafkaSettings,
    *,
    consumes: bool,
) -> list[Finding]:
    admin = make_admin(settings)
    await admin.start()
    group = group_id(settings, service)
    try:
        try:
            seen = await see_topics(admin, wanted)
        except NotImplementedError:
            # An old or a lighter broker: what is there can be seen, what is allowed can't.
            seen = Seen(1, {})
        allowed = await _group_operations(admin, group) if consumes and seen.topics else None
    finally:
        await admin.close()
    findings = [fine("kafka", f"{seen.brokers} brokers answer")]
    findings.extend(judge_rights(seen, wanted))
    if consumes:
        findings.append(judge_group(group, allowed))
    if not any(finding.name == "kafka rights" and finding.remedy_en for finding in findings):
        try:
            changes = await topics.plan(settings, CATALOGUE, service, reads=subscribed)
            findings.append(judge_topics(changes, wanted))
        except TopicAuthorizationFailedError as error:
            findings.append(_lacking([f"{error}"]))
    findings.extend(judge_copies(seen, settings))
    return findings


async def _group_operations(admin: AIOKafkaAdminClient, group: str) -> frozenset[str] | None:
    try:
        return await group_operations(admin, group)
    except GroupAuthorizationFailedError:
        return frozenset()


def judge_rights(seen: Seen, wanted: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """One row: what is missing on which topic; what may not be seen seems not to be there."""
    lacks: list[str] = []
    unsaid = not seen.topics
    for name, operations in sorted(wanted.items()):
        topic = seen.topics.get(name, SeenTopic(visible=True))
        if not topic.visible:
            lacks.append(f"{', '.join(sorted(operations | {'Describe'}))} on {name}")
        elif topic.operations is not None and (missing := operations - topic.operations):
            lacks.append(f"{', '.join(sorted(missing))} on {name}")
    if lacks:
        yield _lacking(lacks)
    elif unsaid:
        yield doubtful(
            "kafka rights",
            "this broker doesn't say what is allowed",
            "Lihat `kentongan rights` dan ACL pada broker.",
            "Compare `kentongan rights` with the broker's ACLs.",
        )
    else:
        yield fine("kafka rights", f"all that is needed on {len(wanted)} topics")


def judge_group(group: str, allowed: frozenset[str] | None) -> Finding:
    """Whether the consumer may join its group."""
    if allowed is None:
        return doubtful(
            "kafka group",
            f"{group}: the broker doesn't say what is allowed",
            "Lihat `kentongan rights` dan ACL pada broker.",
            "Compare `kentongan rights` with the broker's ACLs.",
        )
    if "Read" not in allowed:
        return failing(
            "kafka group",
            f"lacks Read on the group {group}",
            f"Beri hak Read pada grup {group}; `kentongan rights` memuat semuanya.",
            f"Grant Read on the group {group}; `kentongan rights` lists all.",
        )
    return fine("kafka group", f"{group}: may read")


def judge_topics(changes: Collection[TopicChange], wanted: Collection[str]) -> Finding:
    """Whether those that the service uses are as the contracts want them."""
    differing = [f"{one.topic}: {one.detail}" for one in changes if one.topic in wanted]
    if not differing:
        return fine("topics", f"{len(wanted)} as the contracts want them")
    shown = "; ".join(differing[:3]) + ("; …" if len(differing) > 3 else "")
    return failing(
        "topics",
        shown,
        "Jalankan `kentongan topics plan`, lalu `kentongan topics apply`.",
        "Run `kentongan topics plan`, then `kentongan topics apply`.",
    )


def judge_copies(seen: Seen, settings: KafkaSettings) -> Iterator[Finding]:
    """Whether the topics that are there have the copies that the settings speak of."""
    few = sorted(
        name
        for name, topic in seen.topics.items()
        if topic.replicas and topic.replicas < settings.replication_factor
    )
    if few:
        yield doubtful(
            "copies",
            f"fewer than {settings.replication_factor} of {', '.join(few[:3])}",
            "Tambah salinan dengan kafka-reassign-partitions.",
            "Add copies with kafka-reassign-partitions.",
        )


def _lacking(what: list[str]) -> Finding:
    return failing(
        "kafka rights",
        "lacks " + "; ".join(what[:3]) + ("; …" if len(what) > 3 else ""),
        "Beri hak menurut `kentongan rights`; topik yang tak boleh dilihat tampak tidak ada.",
        "Grant what `kentongan rights` lists; a topic that may not be seen seems not to exist.",
    )
