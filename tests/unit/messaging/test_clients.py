"""Every Kafka client is let in by the same settings, FastStream's as well as our own."""

from typing import Any

import pytest
from pydantic import SecretStr

from kentongan.messaging.kafka.clients import make_broker, make_reader
from kentongan.settings import KafkaSettings

SASL = [
    {"security_protocol": protocol, "sasl_mechanism": mechanism}
    for protocol in ("SASL_PLAINTEXT", "SASL_SSL")
    for mechanism in ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
]


@pytest.mark.parametrize(
    "secured", [{"security_protocol": "PLAINTEXT"}, {"security_protocol": "SSL"}, *SASL]
)
async def test_faststream_connects_as_our_own_clients_do(secured: dict[str, Any]) -> None:
    credentials = {"sasl_username": "office", "sasl_password": SecretStr("drum")}
    settings = KafkaSettings(**secured, **(credentials if secured in SASL else {}))
    own = make_reader(settings, client_id="own")
    build: Any = await make_broker(settings, client_id="its", graceful_seconds=1).connect()

    assert how_it_connects(build()) == how_it_connects(own)


def how_it_connects(consumer: Any) -> tuple[Any, ...]:
    client = consumer._client
    return (
        *(client._security_protocol, client._ssl_context is not None, client._sasl_mechanism),
        *(client._sasl_plain_username, client._sasl_plain_password),
    )
