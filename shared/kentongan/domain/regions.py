"""Kemendagri region codes: province, city, district, village, and what covers what."""

import re
from typing import Annotated

from pydantic import StringConstraints

REGION_PATTERN = r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$"
"""A region of any level: `36`, `36.71`, `36.71.07`, `36.71.07.1013`."""
CITY_PATTERN = r"^[0-9]{2}\.[0-9]{2}$"
WITHIN_CITY_PATTERN = r"^[0-9]{2}\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?$"
"""A city, or a region in it."""

RegionCode = Annotated[str, StringConstraints(pattern=REGION_PATTERN)]
CityCode = Annotated[str, StringConstraints(pattern=CITY_PATTERN)]
CityRegionCode = Annotated[str, StringConstraints(pattern=WITHIN_CITY_PATTERN)]


def region_covers(scope: str | None, region_code: str) -> bool:
    """Whether a region scope holds a region: itself, or below it, matched at a dot.

    `36.7` does not cover `36.71`; no scope covers nothing.
    """
    return scope is not None and (region_code == scope or region_code.startswith(f"{scope}."))


def region_pattern(scope: str | None) -> str:
    """The same rule as a regular expression, for queries.

    Anchored and without a choice in it, so that MongoDB takes a range of the index, not a walk
    through all of it: a code is digits and dots, so a word ends at a dot or at the code's end.
    """
    return r"^(?!)" if scope is None else rf"^{re.escape(scope)}\b"
