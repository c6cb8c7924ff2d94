"""The receiver takes what is signed with the channel's secret, once, and nothing else."""

import json

import httpx
import pytest
from standardwebhooks import Webhook

from kentongan.demo.receiver.receipts import Receipts, Unverified
from kentongan.demo.receiver.server import Manner, receiving
from kentongan.domain.clock import utc_now

SECRET, OTHER = "whsec_" + "c2VjcmV0" * 6, "whsec_" + "b3RoZXI0" * 6
BODY = json.dumps({"type": "content.published", "timestamp": "", "data": {}})


def signed(delivery_id: str, secret: str = SECRET, body: str = BODY) -> dict[str, str]:
    now = utc_now()
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery_id, now, body),
    }


def trusting() -> Receipts:
    receipts = Receipts()
    receipts.trust("a", SECRET)
    return receipts


def test_a_delivery_that_comes_again_under_its_id_is_the_same_delivery() -> None:
    receipts = trusting()
    for _ in range(2):
        receipts.take(*receipts.verify("a", signed("c:1:g:a"), BODY.encode()))
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
    receipts = trusting()
    with pytest.raises(Unverified):
        receipts.verify(name, headers, body.encode())
    assert (receipts.unverified, len(receipts.taken)) == (1, 0)


async def test_addresses_behave_each_in_its_manner() -> None:
    async with (
        receiving() as receiver,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        receiver.receipts.trust("a", SECRET)

        async def send(manner: Manner, headers: dict[str, str], seconds: float = 30) -> int:
            address = receiver.address(manner, "a")
            sent = await client.post(address, content=BODY, headers=headers, timeout=seconds)
            return sent.status_code

        assert await send(Manner.PROMPT, signed("1")) == 204
        assert await send(Manner.PROMPT, signed("2", OTHER)) == 400
        assert await send(Manner.FAILING, signed("3")) == 503
        receiver.recover()
        assert await send(Manner.FAILING, signed("3")) == 204
        with pytest.raises(httpx.ReadTimeout):
            await send(Manner.SILENT, signed("4"), seconds=0.5)
        receipts = receiver.receipts
    assert set(receipts.taken) == {"1", "3"}
    assert (receipts.unavailable, receipts.unanswered, receipts.unverified) == (1, 1, 1)
