"""What a kelurahan hands in for its group: profile, members, decree; some flawed at first."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from kentongan.demo.city.people import Person, draw_persons
from kentongan.demo.city.places import Village

POTENTIALS = (*("umkm", "kuliner", "wisata", "kwt", "proklim", "ketahanan-pangan", "seni-budaya"),)
BOARD = ("ketua", "sekretaris", "bendahara", "bidang", "operator")
FEWEST_MEMBERS, MOST_MEMBERS = 3, 30
TERM_YEARS = (3, 4)
"""Terms of decrees [P]."""
ALIASES: Mapping[str, tuple[str, ...]] = {"36.71.07.1013": ("Grendeng",)}
"""Spellings in daily use that the official data doesn't have."""


class Flaw(StrEnum):
    """What is wrong with a dossier at first, named by the rule that must refuse it."""

    CIVIL_SERVANT = "board-member-is-civil-servant"
    TWO_MEMBERS = "member-limits"
    WRONG_OFFICE = "decree-by-wrong-office"


@dataclass(frozen=True, slots=True)
class Dossier:
    """The papers of one group. `flaw` is in the first attempt only; the second is in order."""

    village: Village
    name: str
    potentials: tuple[str, ...]
    persons: tuple[Person, ...]
    declared_on: date
    decree_number: str
    decree_date: date
    decree_until: date
    flaw: Flaw | None = None

    def proposal(self) -> dict[str, Any]:
        """The payload that proposes the group."""
        return {
            "name": self.name,
            "region_code": self.village.code,
            "level": "kelurahan",
            "potentials": list(self.potentials),
            "links": [self._link()],
        }

    def profile(self, potentials: Sequence[str]) -> dict[str, Any]:
        """The payload that replaces the public profile."""
        return {
            "name": self.name,
            "potentials": list(potentials),
            "links": [self._link()],
            "aliases": list(ALIASES.get(self.village.code, ())),
        }

    def members(self, *, flaw: Flaw | None = None) -> dict[str, Any]:
        """The payload of the members' list."""
        lines = [self._member(place, person) for place, person in enumerate(self.persons)]
        if flaw is Flaw.TWO_MEMBERS:
            lines = lines[:2]
        if flaw is Flaw.CIVIL_SERVANT:
            lines[1]["declaration"]["not_civil_servant"] = False
        return {"members": lines}

    def decree(self, *, flaw: Flaw | None = None) -> dict[str, Any]:
        """The payload of the decree, by the lurah of the kelurahan (or, flawed, by the camat)."""
        wrong = flaw is Flaw.WRONG_OFFICE
        return {
            "number": self.decree_number,
            "date": self.decree_date.isoformat(),
            "office": "camat" if wrong else "lurah",
            "region_code": self.village.district_code if wrong else self.village.code,
            "valid_from": self.decree_date.isoformat(),
            "valid_until": self.decree_until.isoformat(),
        }

    def _link(self) -> dict[str, str]:
        slug = re.sub(r"[^a-z0-9]+", "-", self.village.name.lower()).strip("-")
        return {"kind": "website", "url": f"https://kim-{slug}.example"}

    def _member(self, place: int, person: Person) -> dict[str, Any]:
        on_board = place < len(BOARD)
        declaration = {
            "date": self.declared_on.isoformat(),
            "not_civil_servant": True,
            "not_affiliated": True,
        }
        return {
            "name": person.name,
            "birth_date": person.birth_date.isoformat(),
            "role": BOARD[place] if on_board else "anggota",
            "declaration": declaration if on_board else None,
        }


def draw_dossier(
    village: Village, *, seed: int, today: date, flaw: Flaw | None = None, second: bool = False
) -> Dossier:
    """The dossier of a village: the same for the same seed, whatever runs beside it."""
    random = Random(f"{seed}:{village.code}:{second}")
    decree_date = today - timedelta(days=random.randint(45, 800))
    years = random.choice(TERM_YEARS)
    count = round(random.triangular(FEWEST_MEMBERS, MOST_MEMBERS, 9))
    return Dossier(
        village=village,
        name=f"KIM {village.name}" + (" Bersatu" if second else ""),
        potentials=tuple(sorted(random.sample(POTENTIALS, random.randint(1, 3)))),
        persons=tuple(draw_persons(random, count, today=today, youngest=18, oldest=68)),
        declared_on=today - timedelta(days=random.randint(20, 40)),
        decree_number=f"{random.randint(100, 799)}/{years:02d}/SK/{decree_date.year}",
        decree_date=decree_date,
        decree_until=decree_date + timedelta(days=round(years * 365.25) - 1),
        flaw=flaw,
    )


def draw_dossiers(
    villages: Sequence[Village], *, seed: int, today: date
) -> tuple[list[Dossier], list[Dossier]]:
    """One dossier a village, some flawed at first; and second groups where one exists already."""
    random = Random(f"{seed}:flaws")
    each = max(1, round(len(villages) / 35))
    chosen = random.sample(list(villages), min(len(villages), each * (len(Flaw) + 1)))
    flaws = {
        village.code: flaw
        for number, flaw in enumerate(Flaw)
        for village in chosen[number * each : (number + 1) * each]
    }
    dossiers = [
        draw_dossier(village, seed=seed, today=today, flaw=flaws.get(village.code))
        for village in villages
    ]
    seconds = [
        draw_dossier(village, seed=seed, today=today, second=True)
        for village in chosen[each * len(Flaw) :]
    ]
    return dossiers, seconds
