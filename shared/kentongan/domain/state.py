"""What every stored state has in common."""

from pydantic import BaseModel, ConfigDict


class State(BaseModel):
    """A frozen state. Unknown fields are ignored: an older process reads a newer document.

    Errors show no values, which may name a person.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
