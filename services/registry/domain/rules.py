"""Rules that differ by city, by region prefix; the longest one at a dot wins, field by field."""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kentongan.domain.kims import Potential
from kentongan.domain.regions import REGION_PATTERN
from services.registry.domain.kim import BoardRole, Office
from services.registry.domain.regions import Level, prefixes

_LARGEST_GROUP = 1000


class Rules(BaseModel):
    """What a group of one region must fulfil. Defaults follow the sources at each field
    (`docs/sources.md`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "default"
    """The longest configured prefix that had a say; shown with each decision."""
    members_min: int = Field(default=3, ge=1, le=_LARGEST_GROUP)
    """3 to 30 members of any age, gender and trade [S2]."""
    members_max: int = Field(default=30, ge=1, le=_LARGEST_GROUP)
    board_age_min: int = Field(default=17, ge=0, le=60)
    """Years. At 17 one holds an identity card (UU 24/2013); some cities ask for 18 [P]."""
    board_roles_required: tuple[BoardRole, ...] = (
        BoardRole.KETUA,
        BoardRole.SEKRETARIS,
        BoardRole.BENDAHARA,
    )
    """The board list is a legal requirement [S4]; these three stand in every decree seen [P]."""
    kelurahan_decree_by: tuple[Office, ...] = Field(default=(Office.LURAH,), min_length=1)
    """Each kelurahan group is founded by a decree of its lurah [S2, S4]."""
    kecamatan_decree_by: tuple[Office, ...] = Field(default=(Office.CAMAT,), min_length=1)
    """Groups of kecamatan level are founded by a decree of the camat [S2]."""
    coverage_target_percent: float = Field(default=100, ge=0, le=100)
    """A group in each kelurahan is the aim [S1, S3]."""
    nik_format: str = "{city}-{number:04d}"
    """How a nik_komunitas is written; Diskominfo issues it and chooses the form [S4]."""
    potentials: tuple[Potential, ...] = (
        "umkm",
        "kuliner",
        "wisata",
        "kwt",
        "proklim",
        "ketahanan-pangan",
        "seni-budaya",
    )
    """What an area can have [S0, S1, S3]."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.members_min > self.members_max:
            raise ValueError("members_min exceeds members_max")
        if BoardRole.ANGGOTA in self.board_roles_required:
            raise ValueError("anggota is no board role")
        fields = {field for _, field, _, _ in Formatter().parse(self.nik_format) if field}
        if "number" not in fields or not fields <= {"city", "number"}:
            raise ValueError("nik_format needs {number}, may have {city}, and nothing else")
        self.nik(city="36.71", number=1)
        return self

    def nik(self, *, city: str, number: int) -> str:
        """The nik_komunitas of the group with this number in its city."""
        return self.nik_format.format(city=city, number=number)

    def decree_by(self, level: Level) -> tuple[Office, ...]:
        """The offices that may decree a group of this level."""
        return self.kelurahan_decree_by if level is Level.KELURAHAN else self.kecamatan_decree_by


class RuleBook:
    """All rules of an installation. Every combination is checked when the book is made."""

    def __init__(self, by_prefix: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Raises ValueError for a prefix that is no region code, an unknown or impossible rule."""
        self._by_prefix: dict[str, Mapping[str, Any]] = dict(by_prefix or {})
        for prefix, overrides in self._by_prefix.items():
            if not re.fullmatch(REGION_PATTERN, prefix):
                raise ValueError(f"{prefix!r} is not a region code or a prefix of one at a dot")
            if "name" in overrides:
                raise ValueError(f"{prefix}: name is not a rule")
            self.of(prefix)

    def of(self, region_code: str) -> Rules:
        """The rules in force in a region: the defaults, overlaid by each prefix, shortest first."""
        overlays = [prefix for prefix in prefixes(region_code) if prefix in self._by_prefix]
        fields: dict[str, Any] = {}
        for prefix in overlays:
            fields |= self._by_prefix[prefix]
        return Rules(**fields, name=overlays[-1] if overlays else "default")
