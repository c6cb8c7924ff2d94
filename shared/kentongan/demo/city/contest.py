"""The contest: two stages, a rubric each, three judges. Titles and weights are ours."""

from random import Random
from typing import Any

from kentongan.demo.city.places import Village

TITLE = "Lomba Kampung Digital"
JUDGES = ("juri-7f3a", "juri-2c9e", "juri-b41d")
"""Opaque ids: nobody is named."""
OUTSIDER = "juri-0000"
"""A judge of another competition."""
FINALISTS = 10
CREATIVITY, BENEFIT, ACTIVITY = "kreativitas", "manfaat", "keaktifan"
PRESENTATION, CONTINUITY = "presentasi", "keberlanjutan"
ENTRIES = (
    "Lapak digital {village}",
    "Peta potensi {village}",
    "Siniar warga {village}",
    "Bank sampah daring {village}",
    "Kelas cek fakta {village}",
)
PRIZES = ("Juara 1", "Juara 2", "Juara 3")
FAVOURITE, MOST_ACTIVE = "Pilihan warga", "KIM paling aktif"


def first_rubric() -> list[dict[str, Any]]:
    """The work itself, and what the group did all the while."""
    return [
        _judged(CREATIVITY, "Kreativitas", 40),
        _judged(BENEFIT, "Manfaat bagi warga", 35),
        {
            **_judged(ACTIVITY, "Keaktifan KIM", 25),
            "kind": "activity",
            "activity": {"per_content": 10, "per_activity": 5, "target": 40},
        },
    ]


def final_rubric() -> list[dict[str, Any]]:
    """Before the jury, on a scale of 1 to 10: coarse enough for equal totals."""
    return [
        {**_judged(PRESENTATION, "Presentasi", 60), "scale_min": 1, "scale_max": 10},
        {**_judged(CONTINUITY, "Keberlanjutan", 40), "scale_min": 1, "scale_max": 10},
    ]


def first_points(random: Random) -> dict[str, int]:
    """What one judge gives for a work, in steps of five."""
    return {name: 5 * random.randint(10, 20) for name in (CREATIVITY, BENEFIT)}


def final_points(random: Random) -> dict[str, int]:
    """What one judge gives a finalist."""
    return {name: random.randint(6, 10) for name in (PRESENTATION, CONTINUITY)}


def entry_of(village: Village, random: Random) -> dict[str, Any]:
    """What a group hands in."""
    title = random.choice(ENTRIES).format(village=village.name)
    return {
        "title": title,
        "summary": f"{title}, dikerjakan bersama mahasiswa pendamping.",
        "links": [],
    }


def _judged(criterion_id: str, name: str, weight: int) -> dict[str, Any]:
    return {
        "id": criterion_id,
        "name": name,
        "kind": "judged",
        "weight": weight,
        "scale_min": 0,
        "scale_max": 100,
    }
