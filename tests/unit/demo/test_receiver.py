"""The receiver takes what is signed with the channel's secret, once, and nothing else."""

import asyncio
import json

import httpx
import pytest
from standardwebhooks import Webhook

from kentongan.demo.receiver.client import Receiver, receiving
from kentongan.demo.receiver.manner import Manner
from kentongan.demo.receiver.receipts import Book, Receipts, Unverified
from kentongan.domain.clock import utc_now
from tests.support.waiting import eventually

SECRET, OTHER = "whsec_" + "c2VjcmV0" * 6, "whsec_" + "b3RoZXI0" * 6
BODY = json.dumps({"type": "content.published", "timestamp": "", "data": {}})


def signed(delivery_id: str, secret: str = SECRET, body: str = BODY) -> dict[str, str]:
    now = utc_now()
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery_id, now, body),
    }


def trusting() -> Book:
    book = Book()
    book.trust("a", SECRET)
    return book


def test_a_delivery_that_comes_again_under_its_id_is_the_same_delivery() -> None:
    book = trusting()
    receipts = book.receipts
    for _ in range(2):
        receipts.take(*book.verify("a", signed("c:1:g:a"), BODY.encode()))
    assert dict(receipts.taken) == {"c:1:g:a": 2}
    assert receipts.types == {"content.published": 1}
    assert (receipts.repeats, receipts.unverified) == (1, 0)


@pytest.mark.parametrize(
    ("name", "headers", "body"),
    [
        ("a", signed("1", OTHER), BODY),
        ("a", signed("1"), BODY.replace("published", "corrected")),
        ("a", {**signed("1"), "webhook-id": "2"}, BODY),
        ("a", {}, BODY),
        ("nobody", signed("1"), BODY),
    ],
)
def test_what_is_not_signed_with_the_channels_secret_is_counted_and_not_taken(
    name: str, headers: dict[str, str], body: str
) -> None:
    book = trusting()
    with pytest.raises(Unverified):
        book.verify(name, headers, body.encode())
    assert (book.receipts.unverified, len(book.receipts.taken)) == (1, 0)


async def test_addresses_behave_each_in_its_manner() -> None:
    async with (
        receiving() as receiver,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        await receiver.trust("a", SECRET)

        async def send(manner: Manner, headers: dict[str, str], seconds: float = 30) -> int:
            address = receiver.address(manner, "a")
            sent = await client.post(address, content=BODY, headers=headers, timeout=seconds)
            return sent.status_code

        assert await send(Manner.PROMPT, signed("1")) == 204
        assert await send(Manner.PROMPT, signed("2", OTHER)) == 400
        assert await send(Manner.FAILING, signed("3")) == 503
        await receiver.recover()
        assert await send(Manner.FAILING, signed("3")) == 204
        with pytest.raises(httpx.ReadTimeout):
            await send(Manner.SILENT, signed("4"), seconds=0.5)
        receipts = await receiver.receipts()
    assert set(receipts.taken) == {"1", "3"}
    assert (receipts.unavailable, receipts.unanswered, receipts.unverified) == (1, 1, 1)


async def test_a_new_season_finds_the_receiver_as_if_it_were_new() -> None:
    async with (
        receiving() as receiver,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        await receiver.trust("a", SECRET)
        await receiver.recover()

        async def send(manner: Manner, delivery_id: str) -> int:
            sent = await client.post(
                receiver.address(manner, "a"), content=BODY, headers=signed(delivery_id)
            )
            return sent.status_code

        hanging = asyncio.create_task(send(Manner.SILENT, "1"))
        assert await send(Manner.PROMPT, "2") == 204
        await eventually(lambda: _one_hangs(receiver), what="the request that hangs")

        await receiver.begin()
        assert await hanging == 503
        assert await receiver.receipts() == Receipts()
        assert await send(Manner.PROMPT, "3") == 400
        await receiver.trust("a", SECRET)
        assert await send(Manner.FAILING, "4") == 503


async def _one_hangs(receiver: Receiver) -> bool:
    return (await receiver.receipts()).unanswered == 1


async def test_a_secret_that_is_none_is_refused() -> None:
    async with receiving() as receiver:
        with pytest.raises(httpx.HTTPStatusError, match="422"):
            await receiver.trust("a", "whsec_!")
