"""The secrets that webhooks are signed with: derived from the service's own, stored nowhere.

Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. A leaked database tells none of them.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

PREFIX = "whsec_"
OVERLAP = timedelta(hours=24)
"""After a rotation the old secret signs beside the new one, so that receivers can change over."""
MOST_ROTATIONS = 4
"""Of one channel within `OVERLAP`: so many older secrets, at most, sign beside the newest."""


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
        self, channel_id: str, generation: int, rotations: Sequence[datetime], now: datetime
    ) -> tuple[str, ...]:
        """The secrets that sign at this moment, the newest first: the channel's own, and each one
        that a rotation replaced less than a day ago. The last of `rotations` made `generation`.
        """
        older = len(still_overlapping(rotations, now))
        return tuple(self.of(channel_id, generation - back) for back in range(older + 1))


def still_overlapping(rotations: Sequence[datetime], now: datetime) -> tuple[datetime, ...]:
    """The rotations whose replaced secret still signs; both in the order of time."""
    return tuple(each for each in rotations if now < each + OVERLAP)
