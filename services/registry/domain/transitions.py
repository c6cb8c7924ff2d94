"""Which command a status allows: the one table of a group's life."""

from typing import Final

from services.registry.domain.errors import ImpossibleTransition
from services.registry.domain.kim import Kim, Status

_NOT_DISSOLVED = frozenset(Status) - {Status.DISSOLVED}

ALLOWED: Final[dict[str, frozenset[Status]]] = {
    "kim.set-profile": _NOT_DISSOLVED,
    "kim.set-members": _NOT_DISSOLVED,
    "kim.set-decree": _NOT_DISSOLVED,
    "kim.submit": frozenset({Status.PROPOSED}),
    "kim.return": frozenset({Status.SUBMITTED}),
    "kim.register": frozenset({Status.SUBMITTED}),
    "kim.suspend": frozenset({Status.REGISTERED}),
    "kim.reinstate": frozenset({Status.SUSPENDED}),
    "kim.dissolve": _NOT_DISSOLVED,
}


def refuse_impossible(kim: Kim, command: str) -> None:
    """Raise ImpossibleTransition where the group's status does not allow the command."""
    if kim.status not in ALLOWED[command]:
        allowed = [status.value for status in Status if status in ALLOWED[command]]
        raise ImpossibleTransition(status=kim.status.value, command=command, allowed=allowed)
