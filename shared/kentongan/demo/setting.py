"""Where a season is played."""

from collections.abc import Mapping
from dataclasses import dataclass

from kentongan.demo.clients.bearers import Issuer
from kentongan.demo.clients.endpoint import Endpoint
from kentongan.demo.receiver.client import ReceiverAddresses
from kentongan.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class Setting:
    """A running system, and what a season needs beside it."""

    services: Mapping[str, Endpoint]
    kafka: KafkaSettings
    broker_kind: str
    issuer: Issuer
    receiver: ReceiverAddresses | None
    """A receiver of webhooks that runs apart; None for one in the season's own process."""
    machine: str
    """What runs it, for the page."""
    repeat: str
    """The command that plays the same season again."""
