"""Regions as the decisions see them; the Kemendagri data itself is looked up outside the domain."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Level(StrEnum):
    """At which level a group works [S2]; a desa counts as a kelurahan."""

    KELURAHAN = "kelurahan"
    KECAMATAN = "kecamatan"


class Region(BaseModel):
    """Where a group works: its Kemendagri code, the regions above it, daily spellings."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str
    level: Level
    district_code: str
    """For a group of kecamatan level the same as `code`."""
    district_name: str
    city_code: str
    aliases: tuple[str, ...] = ()


class Village(BaseModel):
    """A kelurahan or desa."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str


class District(BaseModel):
    """A kecamatan and its villages."""

    model_config = ConfigDict(frozen=True)

    code: str
    name: str
    villages: tuple[Village, ...]


def prefixes(code: str) -> tuple[str, ...]:
    """All prefixes of a region code at its dots, shortest first, the code itself last."""
    parts = code.split(".")
    return tuple(".".join(parts[: length + 1]) for length in range(len(parts)))
