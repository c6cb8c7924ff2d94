"""A voting campaign as large as the city's: an option for each of 72 groups."""

from datetime import timedelta

from kentongan.domain.clock import utc_now
from services.scoring.domain.campaigns import Campaign, Option
from tests.bench.data import identity

OPTIONS = 72
SUGGESTION = "Adakan pelatihan foto produk untuk UMKM setiap bulan di balai warga."
EVERY = 10
"""Each tenth vote comes with a suggestion."""


def campaign(days: int) -> Campaign:
    """In its last of so many days: it began that long ago, and goes on till tomorrow."""
    now = utc_now()
    return Campaign(
        campaign_id=identity(72),
        title="KIM Terfavorit",
        region_code="36.71",
        starts_at=now - timedelta(days=days - 1),
        ends_at=now + timedelta(days=1),
        options=tuple(
            Option(option_id=f"kim-{number}", label=f"KIM {number}") for number in range(OPTIONS)
        ),
        interaction_weight=2,
    )


def option_of(number: int) -> str:
    """The option that a vote of this number is for."""
    return f"kim-{int(identity(number)[:8], 16) % OPTIONS}"


def suggestion_of(number: int) -> str | None:
    """What the voter of this number suggests, if anything."""
    return None if number % EVERY else SUGGESTION
