"""The service's collection, with the indexes that its rules and queries rest on."""

from kentongan.storage.aggregates.store import AggregateStore
from kentongan.storage.driver import Database
from kentongan.storage.indexes import Index
from services.registry.domain.kim import Kim

NUMBER_INDEX = Index(
    keys=(("state.city_code", 1), ("state.number", 1)),
    name="number_in_city",
    unique=True,
    partial={"state.number": {"$gt": 0}},
)
"""A number is given once in its city: see `registering/numbering.py`."""

SEAT_INDEX = Index(
    keys=(("state.seat", 1),),
    name="seat",
    unique=True,
    partial={"state.seat": {"$type": "string"}},
)
"""One group per level and region."""

KIM_INDEXES = (
    NUMBER_INDEX,
    SEAT_INDEX,
    Index(keys=(("state.region.code", 1), ("_id", 1)), name="region"),
    Index(keys=(("state.names", 1),), name="names"),
)


def open_kims(database: Database) -> AggregateStore[Kim]:
    """The groups."""
    return AggregateStore(database, "kims", Kim, indexes=KIM_INDEXES)
