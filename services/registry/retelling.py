"""How the registry tells again what its topic held: see `kentongan republish`."""

from collections.abc import Sequence

from kentongan.contracts.registry import (
    KIMS,
    KimDissolved,
    KimState,
    KimSuspended,
    KimUpdated,
)
from kentongan.messaging.republishing import Retelling, Telling, Told
from kentongan.storage.aggregates.document import DecisionEntry
from kentongan.storage.aggregates.store import AggregateStore
from services.registry.domain.kim import Kim
from services.registry.domain.public_state import state_event

_TYPES: dict[str, type[KimState]] = {
    KimSuspended.contract.example["status"]: KimSuspended,
    KimDissolved.contract.example["status"]: KimDissolved,
}
"""What the standing itself is news of; of a registered group the update is the plainest."""


def retellings(kims: AggregateStore[Kim]) -> tuple[Retelling[Kim], ...]:
    """A group's public state. All events of the topic carry it; the type follows its standing."""

    async def tell(kim: Kim, _: Sequence[DecisionEntry]) -> Telling:
        if kim.number is None:
            return Telling()
        return Telling([Told(state_event(_TYPES.get(kim.status.value, KimUpdated), kim))])

    return (Retelling(kims, Kim, (KIMS,), tell),)
