"""A real Prometheus on loopback that watches processes of a test, every other second."""

import asyncio
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from kentongan.local.ports import free_port
from kentongan.local.processes import ChildProcess
from kentongan.local.service_process import ServiceProcess
from tests.observed.files import program

Series = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A process to be scraped, with the labels that deploy's configurations give it."""

    address: str
    role: str
    instance: str

    @classmethod
    def of(cls, process: ServiceProcess, role: str = "all") -> "Target":
        """A service's process under its own name."""
        return cls(process.base_url.removeprefix("http://"), role, process.name)


class Prometheus:
    """Started on rules as given; targets may come and go, as containers do."""

    def __init__(self, folder: Path, rules: Iterable[str], alertmanager: str = "") -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        self.base_url = f"http://127.0.0.1:{port}"
        for number, text in enumerate(rules):
            (folder / f"rules-{number}.yaml").write_text(text)
        self.watch()
        (folder / "prometheus.yml").write_text(yaml.safe_dump(self._configuration(alertmanager)))
        self._process = ChildProcess(
            "prometheus",
            [
                program("prometheus"),
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--rules.alert.resend-delay=1s",
            ],
            log_file=folder / "prometheus.log",
        )
        self._client = httpx.AsyncClient(base_url=self.base_url, timeout=30, trust_env=False)

    def watch(self, *targets: Target) -> None:
        """From now on scrape these, and nothing else."""
        found = [
            {"targets": [each.address], "labels": {"role": each.role, "instance": each.instance}}
            for each in targets
        ]
        # Renamed into place: half a file would be an error.
        written = self._folder / "targets.json.new"
        written.write_text(json.dumps(found))
        written.rename(self._folder / "targets.json")

    async def __aenter__(self) -> "Prometheus":
        self._process.start()
        await self._process.wait_ready(self._ready())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()
        await self._process.stop()

    async def query(self, expression: str, *, at: float | None = None) -> list[Series]:
        """The instant vector of an expression; raises where it isn't understood."""
        when = {} if at is None else {"time": at}
        return await self._asked("/api/v1/query", {"query": expression, **when})

    async def over(self, expression: str, start: float, end: float) -> list[float]:
        """Every finite value that an expression had between two moments, of all its series."""
        span = {"query": expression, "start": start, "end": end, "step": "2s"}
        found = await self._asked("/api/v1/query_range", span)
        values = [float(value) for series in found for _, value in series["values"]]
        return [value for value in values if math.isfinite(value)]

    async def until_scraped(self, *instances: str) -> None:
        """Wait until each of these has answered a scrape."""

        async def all_up() -> bool:
            up = await self.query('up{job="kentongan"} == 1')
            return {*instances} <= {series["metric"]["instance"] for series in up}

        for _ in range(600):
            if await all_up():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"not scraped: {instances}: {self._process.log_tail()}")

    async def _asked(self, path: str, parameters: dict[str, Any]) -> list[Series]:
        answer = await self._client.post(path, data=parameters)
        assert answer.status_code == 200, f"{parameters['query']}: {answer.text}"
        return list(answer.json()["data"]["result"])

    async def _ready(self) -> None:
        async def answers() -> bool:
            try:
                return (await self._client.get("/-/ready")).status_code == 200
            except httpx.TransportError:
                return False

        while not await answers():
            await asyncio.sleep(0.05)

    def _configuration(self, alertmanager: str) -> dict[str, Any]:
        told = [{"static_configs": [{"targets": [alertmanager]}]}] if alertmanager else []
        every = {"scrape_interval": "2s", "scrape_timeout": "2s", "evaluation_interval": "1s"}
        return {
            "global": every,
            "rule_files": [str(self._folder / "rules-*.yaml")],
            "alerting": {"alertmanagers": told},
            "scrape_configs": [
                {
                    "job_name": "kentongan",
                    "file_sd_configs": [
                        {"files": [str(self._folder / "targets.json")], "refresh_interval": "1s"}
                    ],
                }
            ],
        }
