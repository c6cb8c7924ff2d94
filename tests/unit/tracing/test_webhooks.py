"""A webhook goes to a stranger: the trace ends where it leaves."""

from kentongan.domain.clock import utc_now
from kentongan.observability.tracing.requests import RequestSpan, sending_webhook
from services.broadcast.courier.guarded_network import GuardedNetwork
from services.broadcast.courier.lanes import trusting
from services.broadcast.courier.posting import Poster
from services.broadcast.courier.webhooks import signed
from services.broadcast.domain.secrets import SigningSecrets
from tests.integration.broadcast.receiver import receiving
from tests.unit.tracing.conftest import Recorder

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SENT = {
    "host",
    "content-length",
    "content-type",
    "user-agent",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
}


async def test_no_header_tells_of_the_trace(recorder: Recorder) -> None:
    recorder.on(ratio=1.0)
    now = utc_now()
    secrets = SigningSecrets("a secret of the service, 32 signs").signing("c", 1, [], now)
    poster = Poster(
        GuardedNetwork(private_targets=True), trusting(None), seconds=30, at_once=1, clock=utc_now
    )
    async with receiving() as receiver:
        with RequestSpan("POST", f"00-{TRACE}-00f067aa0ba902b7-01"), sending_webhook() as span:
            headers = signed("delivery-1", "{}", secrets, now)
            attempted = await poster.post(receiver.url(), headers, b"{}")
            span.answered(attempted.status, attempted.fault)
        await poster.close()
    (got,) = receiver.received
    assert got.headers.keys() == SENT
    assert TRACE not in str(got.headers)
    told = recorder.named("POST webhook")
    assert str(receiver.port) not in str(told.attributes)
    assert "127.0.0.1" not in str(told.attributes)
