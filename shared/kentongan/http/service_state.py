"""What the routes of one application share; set once by the factory."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.applications import Starlette

from kentongan.http.auth.authenticator import Authenticator
from kentongan.http.problems.texts import ProblemTable

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class ServiceState:
    """The service's name, its clock (aware, UTC), whom it trusts, and how it words refusals."""

    service: str
    clock: Clock
    authenticator: Authenticator
    problems: ProblemTable


def state_of(app: Starlette) -> ServiceState:
    """The state of an application that `create_application` made."""
    state = app.state.kentongan
    if not isinstance(state, ServiceState):
        raise TypeError("not an application of create_application")
    return state
