"""The secrets that webhooks are signed with: derived from the service's own, stored nowhere.

Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. A leaked database tells none of them.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)
"""After a rotation the old secret signs beside the new one, so that receivers can change over."""


class SigningSecrets:
    """Derives a channel's secrets. Another service secret makes every channel's secret another."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def of(self, channel_id: str, generation: int) -> str:
        """The secret of one generation: 1 at registration, one more with each rotation."""
        message = f"{channel_id}:{generation}".encode()
        digest = hmac.new(self._secret, message, hashlib.sha256).digest()
        return PREFIX + base64.b64encode(digest).decode()

    def signing(
        self, channel_id: str, generation: int, rotated_at: datetime | None, now: datetime
    ) -> tuple[str, ...]:
        """The secrets that sign at this moment, the newest first."""
        newest = self.of(channel_id, generation)
        if generation > 1 and rotated_at is not None and now < rotated_at + OVERLAP:
            return newest, self.of(channel_id, generation - 1)
        return (newest,)
