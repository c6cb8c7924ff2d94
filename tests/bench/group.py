"""A group as an aggregate: as large as the registry's, with no rules."""

from datetime import datetime

from pydantic import BaseModel

from kentongan.contracts.registry import Decree, PublicLink, Region
from tests.bench.data import kim_data


class Group(BaseModel):
    """The fields of the public state."""

    kim_id: str
    name: str
    region: Region
    status: str
    nik_komunitas: str
    potentials: list[str]
    links: list[PublicLink]
    member_count: int
    decree: Decree
    registered_at: datetime


def new(number: int) -> Group:
    """A group as registered."""
    return Group.model_validate(kim_data(number))


def grown(state: Group) -> Group:
    """The same with one member more."""
    return state.model_copy(update={"member_count": state.member_count % 30 + 1})
