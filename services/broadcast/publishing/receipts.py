"""The compact answer of commands on contents, kept under their idempotency keys."""

from typing import Any

from kentongan.storage.aggregates.store import Stored
from services.broadcast.domain.contents import Content


def content_receipt(stored: Stored[Content]) -> dict[str, Any]:
    """A content's id, version, status and edition."""
    return {
        "id": stored.id,
        "version": stored.version,
        "status": stored.state.status.value,
        "edition": stored.state.edition,
    }
