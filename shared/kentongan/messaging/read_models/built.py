"""Whether a process may rely on its service's read models: asked at its start and as it goes."""

from collections.abc import Sequence

from kentongan.messaging.read_models.bound import ReadModel
from kentongan.storage.driver import Database
from kentongan.storage.projections.build_markers import BuildMarkers


class Built:
    """Looks at the build markers on behalf of one process.

    What a read model is made of must once be what this process wants. From then on any build will
    do: in a rolling release the newer one's, which would else be built back and forth.
    """

    def __init__(self, read_models: Sequence[ReadModel], database: Database) -> None:
        self._read_models = tuple(read_models)
        self._markers = BuildMarkers(database)
        self._once_right: set[str] = set()

    async def missing(self) -> list[ReadModel]:
        """The read models that have to be built. Raises StorageUnavailable."""
        if not self._read_models:
            return []
        found = await self._markers.built(one.collection for one in self._read_models)
        for one in self._read_models:
            if found.get(one.collection) == one.made_of:
                self._once_right.add(one.name)
        return [
            one
            for one in self._read_models
            if one.collection not in found or one.name not in self._once_right
        ]

    async def all(self) -> bool:
        """Whether none is missing or being built. Raises StorageUnavailable."""
        return not await self.missing()
