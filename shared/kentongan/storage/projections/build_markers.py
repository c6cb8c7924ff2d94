"""Which read models are built: one without its marker is built from the beginning before it serves.

The marker names the server's own id of the collection, so that it dies with it: a read model that
was dropped by hand counts as missing. A snapshot of the files brings both back as they were; after
a restore `kentongan storage catch-up` forgets all markers.
"""

from collections.abc import Iterable, Mapping, Sequence

from kentongan.domain.clock import utc_now
from kentongan.storage.driver import Database, Translating, collection_identities
from kentongan.storage.errors import BuildLost

COLLECTION = "build_markers"
Positions = Mapping[tuple[str, int], int]
"""The next offset to read, by topic and partition."""


class BuildMarkers:
    """Documents `{_id: collection, identity, made_of, built_at, positions}`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._collection = database[COLLECTION]

    async def built(self, read_models: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Those of the collections (`directory.kims`) that are built, and what each is made of."""
        names = list(read_models)
        with Translating():
            markers = await self._collection.find({"_id": {"$in": names}}).to_list(None)
        identities = await collection_identities(self._database, names)
        return {
            marker["_id"]: tuple(marker.get("made_of", ()))
            for marker in markers
            if marker["identity"] == identities.get(marker["_id"])
        }

    async def mark_built(
        self,
        read_model: str,
        positions: Positions,
        *,
        made_of: Sequence[str],
        identity: str | None = None,
    ) -> None:
        """Say that the collection as it is now holds everything before these positions.

        `made_of` says what the builder made it of; who wants another thing builds anew. Raises
        ValueError where there is no such collection, BuildLost where it isn't the one with the
        `identity` that was filled.
        """
        there = (await collection_identities(self._database, [read_model])).get(read_model)
        if identity is not None and there != identity:
            raise BuildLost(read_model)
        if there is None:
            raise ValueError(f"no collection {read_model}")
        marker = {
            "identity": there,
            "made_of": list(made_of),
            "built_at": utc_now(),
            "positions": [
                {"topic": topic, "partition": partition, "offset": offset}
                for (topic, partition), offset in sorted(positions.items())
            ],
        }
        with Translating():
            await self._collection.replace_one({"_id": read_model}, marker, upsert=True)

    async def positions(self, read_model: str) -> dict[tuple[str, int], int]:
        """Up to where it was built; empty without a marker."""
        with Translating():
            marker = await self._collection.find_one({"_id": read_model}, {"positions": 1})
        found = marker["positions"] if marker else []
        return {(at["topic"], at["partition"]): at["offset"] for at in found}

    async def clear(self) -> None:
        """Forget all markers, so that every read model is built anew."""
        with Translating():
            await self._collection.delete_many({})
