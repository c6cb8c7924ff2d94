"""A season against a system that somebody else runs; nothing is started, nothing is removed."""

import platform
from collections.abc import Mapping
from os import cpu_count
from pathlib import Path

import httpx
from rich.console import Console
from rich.markup import escape

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.demo.against.issuing import issuing
from kentongan.demo.against.target import Target
from kentongan.demo.clients.endpoint import Endpoint, connected
from kentongan.demo.consistency.journal import Journal
from kentongan.demo.options import DemoOptions
from kentongan.demo.receiver.client import ReceiverAddresses
from kentongan.demo.season import Played
from kentongan.demo.setting import Setting
from kentongan.demo.showing import play_and_show
from kentongan.messaging.kafka.reading import TopicReader
from kentongan.messaging.kafka.topics import topic_name
from kentongan.settings import KafkaSettings


class NotPlayable(Exception):
    """The system can't have a season; the text says why, in both languages."""


async def play_against(
    options: DemoOptions, target: Target, kafka: KafkaSettings, console: Console
) -> Played | None:
    """The season as played and shown. Raises NotPlayable, KafkaError, TopicsNotReady."""
    services = _endpoints(target)
    for name, endpoint in services.items():
        console.print(f"  {name}: {endpoint.url}", style="dim", highlight=False)
    await _must_be_empty(kafka)
    await _must_answer(services)
    quick = " --quick" if options.quick else ""
    hosts = sorted({httpx.URL(endpoint.url).netloc.decode() for endpoint in services.values()})
    async with issuing(target.tokens) as issuer:
        setting = Setting(
            services=services,
            kafka=kafka,
            broker_kind="external",
            issuer=issuer,
            receiver=None
            if target.receiver is None
            else ReceiverAddresses(target.receiver.for_courier, target.receiver.for_season),
            machine=f"{', '.join(hosts)} ({cpu_count()} CPU, {platform.system()})",
            repeat=f"kentongan demo --against {options.against} --seed {options.seed}{quick}",
        )
        return await play_and_show(options, setting, _journal(options.page), console, _tell)


def _endpoints(target: Target) -> dict[str, Endpoint]:
    return {
        name: Endpoint(address.url, address.host, target.ca_file)
        for name, address in target.services.by_name().items()
    }


async def _must_be_empty(kafka: KafkaSettings) -> None:
    """The check holds all records against one season's promises, so there must be no others."""
    names = [topic_name(kafka, topic) for topic in CATALOGUE.topics]
    async with TopicReader(kafka, names, client_id="kentongan-demo") as reader:
        beginnings, ends = await reader.beginnings(), await reader.ends()
    used = sorted({one.topic for one, end in ends.items() if end > beginnings[one]})
    if used:
        raise NotPlayable(
            f"Topik sudah berisi / topics hold records already: {', '.join(used)}. Satu musim "
            "diperiksa terhadap semuanya, jadi perlu sistem yang kosong / a season is checked "
            "against all of them, so it needs an empty system."
        )


async def _must_answer(services: Mapping[str, Endpoint]) -> None:
    for name, endpoint in services.items():
        async with connected(endpoint, Journal()) as client:
            try:
                found = await client.read("/v1/kims", limit=1)
            except (httpx.HTTPError, ValueError) as error:
                raise NotPlayable(
                    f"services.{name}: {endpoint.url}/v1/kims tidak menjawab sebagaimana mestinya "
                    f"/ doesn't answer as it should: {type(error).__name__}: {error}"
                ) from error
        if found.get("items"):
            raise NotPlayable(
                f"services.{name}: sudah ada KIM; satu musim perlu sistem yang kosong / has groups "
                "already; a season needs an empty system"
            )


def _journal(page: Path) -> Path:
    """Beside the page, anew: what was asked and answered, for whoever looks for a failure."""
    path = page.with_suffix(".journal.jsonl")
    path.unlink(missing_ok=True)
    return path


async def _tell(console: Console) -> None:
    text = (
        "Cari correlation_id di log layanan; yang ditanyakan dan dijawab ada di jurnal di samping "
        "halaman / look for the correlation_id in the services' logs; what was asked and answered "
        "stands in the journal beside the page"
    )
    console.print(f"[dim]{escape(text)}[/]")
