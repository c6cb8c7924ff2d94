"""What can be set for placement beside what all services share."""

from typing import Annotated

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from kentongan.settings import DEVELOPMENT_SECRET, ServiceSettings

Points = Annotated[int, Field(ge=0, le=10)]

FIT_TABLE: dict[str, dict[str, int]] = {
    "agribisnis": {"kwt": 3, "ketahanan-pangan": 3, "umkm": 1},
    "agroteknologi": {"kwt": 3, "ketahanan-pangan": 3},
    "akuntansi": {"umkm": 3},
    "bisnis": {"umkm": 3, "kuliner": 1},
    "desain": {"seni-budaya": 3, "umkm": 2, "wisata": 1},
    "ekonomi": {"umkm": 3, "kuliner": 1},
    "film": {"seni-budaya": 3, "wisata": 2},
    "gizi": {"kuliner": 3, "ketahanan-pangan": 2},
    "informatika": {"umkm": 2, "wisata": 1},
    "komunikasi": {"wisata": 2, "seni-budaya": 2, "umkm": 1},
    "lingkungan": {"proklim": 3, "ketahanan-pangan": 1},
    "manajemen": {"umkm": 3, "kuliner": 1},
    "pariwisata": {"wisata": 3, "kuliner": 2},
    "pertanian": {"kwt": 3, "ketahanan-pangan": 3, "proklim": 1},
    "sastra": {"seni-budaya": 3},
    "seni": {"seni-budaya": 3},
    "sistem informasi": {"umkm": 2, "wisata": 1},
}
"""Words of study programmes against potentials; a city sets its own."""


class PlacementSettings(ServiceSettings):
    """Adds KENTONGAN_PLACEMENT_SECRET and what plans and imports are bounded by."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_")

    placement_secret: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    """Derives the ids bound to students. Never change it: every student would be a stranger."""
    placement_fit: dict[str, dict[str, Points]] = FIT_TABLE
    placement_weight_group: int = Field(default=100, ge=0, le=10_000)
    placement_weight_university: int = Field(default=40, ge=0, le=10_000)
    placement_weight_fit: int = Field(default=10, ge=0, le=10_000)
    placement_plan_seconds: float = Field(default=120.0, gt=0)
    """A plan that takes longer fails with `time-limit`."""
    placement_plan_students: int = Field(default=1_000, ge=1, le=1_000)
    """The most students whose assignment one confirmation changes: it is one transaction."""
    placement_import_lines: int = Field(default=5_000, ge=1, le=20_000)
    placement_import_days: int = Field(default=7, ge=1, le=90)
    """After this the bad lines of an import, which are personal data, are deleted."""

    @model_validator(mode="after")
    def _secret_in_production(self) -> "PlacementSettings":
        name = "KENTONGAN_PLACEMENT_SECRET"
        self.ensure_secret(name, self.placement_secret, guards="the ids of students")
        return self
