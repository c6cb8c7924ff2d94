"""A group (KIM) as every service but its owner sees it: what the registry publishes of it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from kentongan.domain.state import State

Potential = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
"""The form of a potential; which ones there are, a city says in the registry's rules."""


class KimStatus(StrEnum):
    """The standing that the registry publishes."""

    REGISTERED = "registered"
    SUSPENDED = "suspended"
    DISSOLVED = "dissolved"


class Kim(State):
    """The public facts about a group on which services decide."""

    kim_id: str
    name: str
    status: str
    """A `KimStatus`, or one that a newer registry has added."""
    region_code: str
    region_name: str
    level: str
    district_code: str
    district_name: str
    city_code: str
    potentials: tuple[str, ...]
    nik_komunitas: str
    valid_until: date
    """The last day on which the group's decree is in force."""
