"""Variables that nobody reads: a slip of the pen in their name leaves a default in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from kentongan.settings.environment import FILE_SUFFIX, EnvironmentSettings, variables_of

OURS = "KENTONGAN_"
_LIKE = 0.75


@dataclass(frozen=True, slots=True)
class UnknownVariable:
    """A name of ours in the environment that means nothing, and the one that may be meant."""

    name: str
    nearest: str | None


def unknown_variables(
    environment: Mapping[str, str],
    read: Iterable[type[EnvironmentSettings]],
    *,
    others: Iterable[str] = (),
) -> list[UnknownVariable]:
    """The names that none of these classes reads. `others` are prefixes of somebody else's names.

    An empty variable is none.
    """
    plain = {variable for settings in read for variable in variables_of(settings)}
    known = plain | {f"{variable}{FILE_SUFFIX}" for variable in plain}
    foreign = tuple(others)
    unknown = {
        name
        for name, value in environment.items()
        if name.upper().startswith(OURS)
        and value.strip()
        and name.upper() not in known
        and not name.upper().startswith(foreign)
    }
    return [UnknownVariable(name, _nearest(name.upper(), known)) for name in sorted(unknown)]


def _nearest(name: str, known: Iterable[str]) -> str | None:
    # Ours all begin alike, which says nothing about what was meant.
    ends = {one.removeprefix(OURS): one for one in sorted(known)}
    alike = get_close_matches(name.removeprefix(OURS), ends, n=1, cutoff=_LIKE)
    return ends[alike[0]] if alike else None
