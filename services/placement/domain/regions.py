"""Where in its city a group lies."""

DISTRICT_PARTS = 3


def district_of(region_code: str) -> str:
    """The code of the district (kecamatan) that a group's region is, or lies in."""
    return ".".join(region_code.split(".")[:DISTRICT_PARTS])
