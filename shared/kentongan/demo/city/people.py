"""Names of persons who do not exist, drawn from short lists of common Indonesian names."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

GIVEN_NAMES = (
    *("Agus", "Ahmad", "Aisyah", "Andi", "Anisa", "Ayu", "Bagas", "Bambang", "Bayu", "Budi"),
    *("Cahya", "Citra", "Dedi", "Desi", "Dewi", "Dian", "Dimas", "Dwi", "Eka", "Eko"),
    *("Endang", "Fajar", "Farah", "Fitri", "Galih", "Gilang", "Hadi", "Hana", "Hendra", "Ibnu"),
    *("Ika", "Indah", "Intan", "Irfan", "Joko", "Kartika", "Laila", "Lestari", "Lina", "Lukman"),
    *("Made", "Maya", "Mega", "Mulyadi", "Nabila", "Nanda", "Nining", "Nur", "Putri", "Rahmat"),
    *("Rani", "Ratna", "Reza", "Rina", "Rizky", "Rudi", "Salsa", "Sari", "Sigit", "Siti"),
    *("Slamet", "Sri", "Surya", "Taufik", "Tri", "Umar", "Vina", "Wahyu", "Wulan", "Yanti"),
    *("Yoga", "Yuni", "Yusuf", "Zahra", "Zainal"),
)
FAMILY_NAMES = (
    *("Abdullah", "Anggraini", "Ardiansyah", "Astuti", "Aziz", "Budiman", "Darmawan", "Efendi"),
    *("Fadillah", "Firmansyah", "Gunawan", "Halim", "Handayani", "Hartono", "Hidayat", "Iskandar"),
    *("Kurniawan", "Kusuma", "Laksana", "Maharani", "Maulana", "Nasution", "Nugroho", "Oktaviani"),
    *("Pamungkas", "Permana", "Prasetyo", "Pratama", "Purnama", "Rahayu", "Ramadhan", "Saputra"),
    *("Sasongko", "Setiawan", "Siregar", "Subagyo", "Suhendar", "Suryadi", "Susanti", "Syahputra"),
    *("Tanjung", "Utami", "Wibowo", "Widodo", "Wijaya", "Wulandari", "Yuliana", "Zulkarnain"),
)
DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Person:
    """A generated person."""

    name: str
    birth_date: date


def draw_name(random: Random) -> str:
    """A given and a family name."""
    return f"{random.choice(GIVEN_NAMES)} {random.choice(FAMILY_NAMES)}"


def draw_persons(
    random: Random, count: int, *, today: date, youngest: int, oldest: int
) -> list[Person]:
    """Different persons, aged `youngest` (completed years) to `oldest` today."""
    names: dict[str, None] = {}
    while len(names) < count:
        names.setdefault(draw_name(random))
    ages = (random.uniform(youngest + 0.1, oldest) for _ in names)
    return [
        Person(name, today - timedelta(days=int(age * DAYS_OF_A_YEAR)))
        for name, age in zip(names, ages, strict=True)
    ]
