"""Steady requests from outside, each on a connection of its own, bounded in number."""

import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import httpx

PAUSE = 0.05
MOST = 6_000


@dataclass
class Load:
    """While it is open, one thread reads and one proposes groups, as fast as answers come.

    `answers` counts statuses and refusals by name; `proposed` are the ids that were acknowledged.
    """

    url: str
    token: str
    proposal: dict[str, Any]
    answers: Counter[str] = field(default_factory=Counter)
    proposed: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def __enter__(self) -> "Load":
        self._ending = threading.Event()
        self._threads = [
            threading.Thread(target=self._repeat, args=(one,)) for one in (self._read, self._write)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    @property
    def refused(self) -> dict[str, int]:
        """Whatever was not answered with 2xx."""
        return {name: count for name, count in self.answers.items() if not name.startswith("2")}

    def _repeat(self, one: Any) -> None:
        numbers = itertools.count()
        while not self._ending.is_set() and next(numbers) < MOST // 2:
            began = time.monotonic()
            try:
                response: httpx.Response = one()
                self.answers[str(response.status_code)] += 1
            except httpx.HTTPError as error:
                self.answers[f"{type(error).__name__}: {error}"] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            self._ending.wait(PAUSE)

    def _read(self) -> httpx.Response:
        return httpx.get(f"{self.url}/v1/kims", params={"limit": 5}, timeout=30)

    def _write(self) -> httpx.Response:
        response = httpx.post(
            f"{self.url}/v1/kims",
            json=self.proposal,
            headers={"authorization": f"Bearer {self.token}"},
            timeout=30,
        )
        if response.is_success:
            self.proposed.append(str(response.json()["id"]))
        return response
