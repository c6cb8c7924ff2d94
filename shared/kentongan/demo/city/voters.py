"""Residents who vote: how many, for what, who tries twice, who has an idea."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

VOTERS, QUICK_VOTERS = 2000, 200
REPEATING, SUGGESTING = 0.05, 0.03
"""Shares of the voters who try to vote again, and who add a suggestion."""
MASCOT_VOTERS = 24
MASCOT_OPTIONS = {"si-tongtong": "Si Tongtong", "kentung": "Kentung", "bambu": "Si Bambu"}
PLATFORMS = ("instagram", "tiktok")
SUGGESTIONS = (
    "Adakan kelas foto produk di balai kelurahan.",
    "Perpanjang jam buka taman baca.",
    "Buat jadwal ronda digital.",
)
VOTERS_PER_INTERACTION = 100
"""So many voters let one interaction be counted for an option, at the most."""


@dataclass(frozen=True, slots=True)
class Voter:
    """A resident: an opaque subject of a token, and what they do today."""

    subject: str
    option: str
    suggestion: str | None
    repeats: bool


def subject(number: int) -> str:
    """A resident's opaque subject."""
    return f"warga:{number}"


def draw_voters(random: Random, options: Sequence[str], count: int) -> list[Voter]:
    """Voters with a taste: some options are liked better than others.

    The same residents whatever the campaign: who votes in one may vote in another.
    """
    liking = [random.uniform(0.3, 1.5) for _ in options]
    return [
        Voter(
            subject=subject(number),
            option=random.choices(options, weights=liking)[0],
            suggestion=random.choice(SUGGESTIONS) if random.random() < SUGGESTING else None,
            repeats=random.random() < REPEATING,
        )
        for number in range(count)
    ]
