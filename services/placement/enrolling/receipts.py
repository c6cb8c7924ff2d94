"""What commands on enrolments are answered with."""

from typing import Any

from kentongan.storage.aggregates.store import Stored
from services.placement.domain.enrolments import Enrolment


def enrolment_receipt(stored: Stored[Enrolment]) -> dict[str, Any]:
    """An enrolment's standing; no name, since an idempotency key keeps the answer."""
    state = stored.state
    return {
        "id": stored.id,
        "version": stored.version,
        "status": state.status.value,
        "kim_id": state.assignment.kim_id if state.assignment else None,
        "flag": state.flag.value if state.flag else None,
    }
