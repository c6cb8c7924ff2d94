"""Whether a group (KIM) may publish."""

from kentongan.domain.kims import Kim, KimStatus
from services.broadcast.domain.errors import KimNotRegistered


def ensure_registered(kim: Kim) -> None:
    """A suspended or dissolved group publishes nothing. Raises KimNotRegistered."""
    if kim.status != KimStatus.REGISTERED:
        raise KimNotRegistered(kim=kim.name, status=kim.status)
