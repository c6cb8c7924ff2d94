"""A real Alertmanager on the repository's configuration, and somebody on duty who is told."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from kentongan.local.ports import free_port
from kentongan.local.processes import ChildProcess
from tests.integration.broadcast.receiver import Receiver, receiving
from tests.observed.files import FOLDER, program

TOLD = "/on-duty"
AT_ONCE = {"group_wait": "0s", "group_interval": "1s"}
Told = tuple[str, str]
"""An alert's name, and its service where it has one."""


class Alertmanager:
    """What it holds, and what it has told."""

    def __init__(self, base_url: str, on_duty: Receiver) -> None:
        self.address = base_url.removeprefix("http://")
        self._on_duty = on_duty
        self._client = httpx.AsyncClient(base_url=base_url, timeout=10, trust_env=False)

    async def holds(self) -> dict[Told, str]:
        """What fires now, and whether it is told: `active`, or `suppressed` by an inhibition."""
        answer = await self._client.get("/api/v2/alerts")
        return {
            named(alert): alert["status"]["state"] for alert in answer.raise_for_status().json()
        }

    def told(self, status: str = "firing") -> Counter[Told]:
        """How often whoever is on duty was told of an alert: `firing`, or `resolved`."""
        return Counter(
            named(alert)
            for received in self._on_duty.at(TOLD)
            for alert in json.loads(received.body)["alerts"]
            if alert["status"] == status
        )

    async def until_ready(self) -> None:
        """Wait until it answers."""
        while True:
            try:
                if (await self._client.get("/-/ready")).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Ask nothing more."""
        await self._client.aclose()


@asynccontextmanager
async def alertmanager(folder: Path) -> AsyncIterator[Alertmanager]:
    """Started by its own `start`, without waits; on duty is a webhook of the test."""
    async with receiving() as on_duty:
        configure(folder, on_duty.url(TOLD))
        port = free_port()
        process = ChildProcess(
            "alertmanager",
            [
                str(FOLDER / "alertmanager" / "start"),
                f"--storage.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
            ],
            log_file=folder / "alertmanager.log",
            environment={
                "ALERTMANAGER": program("prometheus-alertmanager"),
                "ALERTMANAGER_TEMPLATE": str(folder / "template.yml"),
                "ALERTMANAGER_CONFIG": str(folder / "alertmanager.yml"),
                "ALERT_WEBHOOK_FILE": str(folder / "address"),
                "PATH": os.environ["PATH"],
            },
        )
        started = Alertmanager(f"http://127.0.0.1:{port}", on_duty)
        process.start()
        try:
            await process.wait_ready(started.until_ready())
            yield started
        finally:
            await started.close()
            await process.stop()


def configure(folder: Path, address: str) -> None:
    """The repository's configuration, but for the time that alerts are gathered for."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = yaml.safe_load((FOLDER / "alertmanager" / "alertmanager.yml").read_text())
    for route in (settings["route"], *settings["route"]["routes"]):
        route.update(AT_ONCE)
    (folder / "template.yml").write_text(yaml.safe_dump(settings))
    (folder / "address").write_text(address)


def named(alert: dict[str, Any]) -> Told:
    """An alert as tests call it."""
    return alert["labels"]["alertname"], alert["labels"].get("service", "")
