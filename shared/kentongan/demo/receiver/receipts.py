"""What a receiver of webhooks notes, once it has verified a signature; no I/O, so tests are quick.

Verified with the Standard Webhooks library, by the secret that the channel's registration answered.
"""

from collections import Counter
from collections.abc import Mapping

from pydantic import BaseModel, Field
from standardwebhooks import Webhook, WebhookVerificationError


class Unverified(Exception):
    """The request was not signed with the channel's secret, or not lately."""


class Receipts(BaseModel):
    """Deliveries by their `webhook-id`, and what else happened to requests."""

    taken: Counter[str] = Field(default_factory=Counter)
    """Deliveries accepted with 2xx, and how often."""
    types: Counter[str] = Field(default_factory=Counter)
    """Different deliveries taken, by the payload's type."""
    unavailable: int = 0
    unanswered: int = 0
    unverified: int = 0

    def take(self, delivery_id: str, kind: str) -> None:
        """Note a delivery; the same id again is the same delivery."""
        if delivery_id not in self.taken:
            self.types[kind] += 1
        self.taken[delivery_id] += 1

    @property
    def repeats(self) -> int:
        """Deliveries that came again under the same id, as at-least-once allows."""
        return self.taken.total() - len(self.taken)


class Book:
    """The receipts of a season, and the secrets by which its channels are believed."""

    def __init__(self) -> None:
        self.receipts = Receipts()
        self._channels: dict[str, Webhook] = {}

    def trust(self, name: str, secret: str) -> None:
        """Requests to this address will be signed with this secret. Raises ValueError for none."""
        self._channels[name] = Webhook(secret)

    def verify(self, name: str, headers: Mapping[str, str], body: bytes) -> tuple[str, str]:
        """The delivery's id and the payload's type. Raises Unverified, which is counted."""
        try:
            payload = self._channels[name].verify(body, dict(headers))
        except (KeyError, ValueError, WebhookVerificationError) as error:
            self.receipts.unverified += 1
            raise Unverified(name) from error
        return headers["webhook-id"], str(payload["type"])
