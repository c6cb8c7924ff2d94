"""A university that sends students, and the spellings under which it is known."""

import re
import unicodedata

from kentongan.domain import Decision
from kentongan.domain.state import State

FILLER = frozenset({"universitas", "univ", "university"})


class University(State):
    """A university. `known_as` holds every spelling, normalised; each means one university."""

    name: str
    aliases: tuple[str, ...] = ()
    known_as: tuple[str, ...]


def spelling(text: str) -> str:
    """A spelling without case, marks, punctuation and the word for university.

    "Univ. Budi-Luhur" and "Universitas Budi Luhur" are the same to a person, so they are here.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    words = re.findall(r"[a-z0-9]+", plain)
    return " ".join([word for word in words if word not in FILLER] or words)


def add_university(university_id: str, name: str, aliases: tuple[str, ...]) -> Decision[University]:
    """A university takes part from now on."""
    return Decision(_known(university_id, name, aliases), rule="university.add")


def edit_university(
    university_id: str, name: str, aliases: tuple[str, ...]
) -> Decision[University]:
    """Another name or other aliases; students who are enrolled keep the name they enrolled with."""
    return Decision(_known(university_id, name, aliases), rule="university.edit")


def field_taken(university_id: str, university: University, taken: frozenset[str]) -> str | None:
    """A JSON pointer to the first text whose spelling is `taken`; None where it is by now free.

    The id is looked at first. An edit has none, but its university holds the id's spelling.
    """
    texts = {"/id": university_id, "/name": university.name}
    texts |= {f"/aliases/{place}": alias for place, alias in enumerate(university.aliases)}
    return next((field for field, text in texts.items() if spelling(text) in taken), None)


def _known(university_id: str, name: str, aliases: tuple[str, ...]) -> University:
    spellings = sorted({spelling(text) for text in (university_id, name, *aliases)} - {""})
    return University(name=name, aliases=aliases, known_as=tuple(spellings))
