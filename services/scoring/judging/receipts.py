"""What commands on competitions are answered with."""

from typing import Any

from kentongan.storage.aggregates.store import Stored
from services.scoring.domain.competitions import Competition


def competition_receipt(stored: Stored[Competition]) -> dict[str, Any]:
    """A competition's id, version and status."""
    return {"id": stored.id, "version": stored.version, "status": stored.state.status.value}
