"""What stands for a voter: another opaque id for each campaign and each day.

The subject of a token is stored nowhere. An id is an HMAC under the service's secret, so nobody
finds the person behind it by trying all subjects, and since the day is part of what is hashed, two
votes of one person on two days have nothing in common.
"""

import hmac
from datetime import date

from kentongan.domain import IdempotencyKey


class Voters:
    """Derives ids of votes. With another secret everybody could vote again that day."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def vote_id(self, campaign_id: str, subject: str, day: date) -> str:
        """The natural id that makes the rule: one vote a person, campaign and day."""
        return self._derive("vote", campaign_id, day.isoformat(), subject)

    def hidden_key(self, vote_id: str, key: IdempotencyKey) -> IdempotencyKey:
        """A client's key, bound to one vote.

        As it comes it is a plain hash over subject, route and the client's word, the same on every
        day for a client that uses one word twice.
        """
        return IdempotencyKey(
            scoped=self._derive("key", vote_id, key.scoped),
            payload_hash=self._derive("payload", vote_id, key.payload_hash),
        )

    def _derive(self, *parts: str) -> str:
        message = "\x1f".join(parts).encode()
        return hmac.digest(self._secret, message, "sha256").hex()
