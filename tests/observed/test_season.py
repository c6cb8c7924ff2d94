"""A season, and a real Prometheus that watches it: every query of every dashboard has an answer.

Most have to move as well: a panel that stays at zero while a whole season is played would say as
little as an empty one. What stays at zero in a healthy season stands here with the reason, and is
provoked after it.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from kentongan.demo.consistency.journal import Journal
from kentongan.demo.options import DemoOptions
from kentongan.demo.run import IN_A_HURRY
from kentongan.demo.season import Setting, play
from kentongan.demo.terminal.progress import TerminalProgress, new_console
from kentongan.domain.clock import utc_now
from kentongan.local.stack import EmbeddedStack
from kentongan.local.system import LocalSystem
from kentongan.settings import KafkaSettings
from kentongan.testing.poison_records import kim_record, put
from tests.observed.files import RULES, Asked, alerts, asked, filled_in, rules, selectors
from tests.observed.prometheus import Prometheus, Target
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(1200),
    pytest.mark.xdist_group("observed-season"),
]

CITY, SEED = "36.71", 20260922
SERVICES = ("registry", "placement", "broadcast", "scoring")
STILL = {
    "Konsumer berhenti / consumers stopped": "no flood of poison in a season",
    "Bagian perintah yang gagal / share of commands that failed": "no command is answered 5xx",
    "Sejak commit terakhir / since the last commit": "seconds ago, which is as good as none",
    "Menunggu terbit / waiting to be published": "gone before anybody looks",
    "Menunggu di outbox / waiting in outboxes": "gone before anybody looks",
    "Umur outbox / age of the outbox": "gone before anybody looks",
    "Outbox": "gone before anybody looks",
    "Ketertinggalan konsumer / consumer lag": "read before anybody looks",
    "Ketertinggalan / lag": "read before anybody looks",
    "Tertinggal menurut partisi / lag by partition": "read before anybody looks",
    "Dibaca untuk membangun ulang / read for rebuilds": "built at the start, from empty topics",
    "Mulai ulang per jam / restarts an hour": "nothing is restarted",
    "Webhook terlama yang menunggu / oldest webhook that waits": "sent as soon as they are due",
    "Koneksi MongoDB / MongoDB connections": "an operation is over before anybody looks",
}
"""Panels whose figures may stay at zero, and why. They have to have one nevertheless."""
ELSEWHERE = {
    "kentongan_key_set_read_timestamp_seconds": "development has a key of its own, and reads none",
}
"""Series that a season can't show; the tests of the alerts have them."""
MEANT = {"KentonganDeliveriesLate", "KentonganDeliveriesLateSlowly"}
"""In a season one address is down for a while, and what is promised is two seconds."""
PROVOKED = {
    "Peringatan / alerts": "a dead letter fires KentonganDeadLetters",
    "Peringatan menyala / alerts firing": "a dead letter fires KentonganDeadLetters",
    "Surat mati per jam / dead letters an hour": "a record of poison",
    "Surat mati menurut alasan, 24 jam / dead letters by reason, 24 hours": "a record of poison",
}
"""What needs something to go wrong; it is made to, after the season."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A season that is over, and who watched it."""

    prometheus: Prometheus
    kafka: KafkaSettings
    began: float
    fired: list[str]
    """Alerts that fired while all was well."""

    async def most(self, query: Asked) -> float | None:
        """The greatest value that a query had, of any service; None where it had none."""
        values = [
            value
            for service in (SERVICES if "$service" in query.expression else SERVICES[:1])
            for value in await self.prometheus.over(
                filled_in(query.expression, service=service), self.began, utc_now().timestamp()
            )
        ]
        return max(values, default=None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watched(
    own_stack: EmbeddedStack, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Watched]:
    folder = tmp_path_factory.mktemp("season")
    print(f"seed {SEED}, logs {folder}")
    options = DemoOptions(CITY, SEED, keep=False, quick=True, page=folder / "season.html")
    kafka = KafkaSettings(bootstrap_servers=own_stack.kafka_bootstrap)
    texts = [path.read_text() for path in RULES]
    async with (
        LocalSystem.on(own_stack, city=CITY, own=IN_A_HURRY) as system,
        Prometheus(folder / "prometheus", texts) as prometheus,
    ):
        processes = system.services.values()
        prometheus.watch(*map(Target.of, processes))
        await prometheus.until_scraped(*(process.name for process in processes))
        began = utc_now().timestamp()
        setting = Setting(system.addresses, kafka, own_stack.broker_kind)
        await play_season(options, setting, folder)
        fired = [series["metric"]["alertname"] for series in await all_that_fired(prometheus)]
        yield Watched(prometheus, kafka, began, fired)


async def test_a_healthy_season_wakes_nobody(watched: Watched) -> None:
    assert {*watched.fired} <= MEANT


async def test_every_series_of_every_rule_is_there(watched: Watched) -> None:
    """An alert on a series that nobody shows would never fire, nor would anybody notice."""
    wanted = {selector for rule in rules() for selector in selectors(rule["expr"])}
    asked_for = {
        selector: await watched.prometheus.query(f"max_over_time({selector}[10m])")
        for selector in wanted - ELSEWHERE.keys()
    }
    assert [selector for selector, found in asked_for.items() if not found] == []


async def test_every_recorded_rule_has_a_value(watched: Watched) -> None:
    for name in {rule["record"] for rule in rules() if "record" in rule}:
        assert await watched.prometheus.over(name, watched.began, utc_now().timestamp()), name


async def test_every_alert_is_evaluated_without_an_error(watched: Watched) -> None:
    for name, rule in alerts().items():
        assert await watched.prometheus.query(rule["expr"]) is not None, name


async def test_every_panel_has_an_answer_and_most_of_them_move(watched: Watched) -> None:
    queries = [query for query in asked() if query.panel not in PROVOKED]
    most = {query: await watched.most(query) for query in queries}
    print(f"{len(queries)} queries of {len({each.panel for each in queries})} panels")
    empty = [str(query) for query, value in most.items() if value is None]
    still = [str(query) for query, value in most.items() if value == 0 and query.panel not in STILL]
    assert (empty, still) == ([], [])


async def test_what_only_a_fault_shows_is_shown_after_one(watched: Watched) -> None:
    poison = kim_record("kim-poison").without_data("name")
    await put(watched.kafka, "registry.kims", [poison])
    queries = [query for query in asked() if query.panel in PROVOKED]
    assert {query.panel for query in queries} == PROVOKED.keys()
    for query in queries:

        async def moves(query: Asked = query) -> bool:
            return bool(await watched.most(query))

        await eventually(moves, what=str(query))


async def test_no_reason_is_left_over() -> None:
    panels = {query.panel for query in asked()}
    assert {*STILL} | {*PROVOKED} <= panels


async def play_season(options: DemoOptions, setting: Setting, folder: Path) -> None:
    with Journal(folder / "journal.jsonl") as journal, TerminalProgress(new_console()) as progress:
        played = await play(options, setting, journal, progress)
    assert played.season.verdict.good


async def all_that_fired(prometheus: Prometheus) -> list[dict[str, dict[str, str]]]:
    return await prometheus.query('max_over_time(ALERTS{alertstate="firing"}[10m])')
