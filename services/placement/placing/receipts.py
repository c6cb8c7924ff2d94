"""What commands on plans are answered with."""

from typing import Any

from kentongan.storage.aggregates.store import Stored
from services.placement.domain.plans import Plan


def plan_receipt(stored: Stored[Plan]) -> dict[str, Any]:
    """A plan's id, version and status."""
    return {"id": stored.id, "version": stored.version, "status": stored.state.status.value}
