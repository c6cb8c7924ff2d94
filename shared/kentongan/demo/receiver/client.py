"""How a season speaks to the receiver of its webhooks: over HTTP, wherever that runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

import httpx

from kentongan.demo.receiver.manner import Manner
from kentongan.demo.receiver.receipts import Receipts
from kentongan.demo.receiver.server import CONTROL, serving
from kentongan.local.ports import LOOPBACK, free_port

TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class ReceiverAddresses:
    """Where a receiver that runs apart is, for two who may be in different networks."""

    for_courier: str
    """The base URL under which broadcast's courier reaches it."""
    for_season: str
    """The base URL under which the season reads what it took."""


class Receiver:
    """A receiver, as a season knows it."""

    def __init__(self, http: httpx.AsyncClient, for_courier: str) -> None:
        self._http = http
        self._for_courier = for_courier.rstrip("/")

    def address(self, manner: Manner, name: str) -> str:
        """Where the courier is to send what the channel `name` is to get."""
        return f"{self._for_courier}/{manner.value}/{name}"

    async def begin(self) -> None:
        """A new season: forget what came before."""
        await self._ask("DELETE", "/receipts")

    async def trust(self, name: str, secret: str) -> None:
        """Requests for this channel will be signed with this secret."""
        await self._ask("PUT", f"/channels/{quote(name, safe='')}", {"secret": secret})

    async def recover(self) -> None:
        """Let the addresses that are down be up again."""
        await self._ask("POST", "/recovery")

    async def receipts(self) -> Receipts:
        """What it has taken by now."""
        return Receipts.model_validate_json((await self._ask("GET", "/receipts")).content)

    async def _ask(
        self, method: str, path: str, body: dict[str, str] | None = None
    ) -> httpx.Response:
        answer = await self._http.request(method, f"{CONTROL}{path}", json=body)
        return answer.raise_for_status()


@asynccontextmanager
async def receiving(apart: ReceiverAddresses | None = None) -> AsyncIterator[Receiver]:
    """The receiver that runs apart, begun anew; else one on a free loopback port, here."""
    if apart is None:
        port = free_port()
        here = f"http://{LOOPBACK}:{port}"
        async with serving(port=port), receiving(ReceiverAddresses(here, here)) as receiver:
            yield receiver
        return
    async with httpx.AsyncClient(
        base_url=apart.for_season, timeout=TIMEOUT_SECONDS, trust_env=False
    ) as http:
        receiver = Receiver(http, apart.for_courier)
        await receiver.begin()
        yield receiver
