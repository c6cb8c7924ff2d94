"""The directory of groups: its subscription, its collection, and the questions all ask of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kentongan.contracts.registry import (
    KimDissolved,
    KimRegistered,
    KimReinstated,
    KimState,
    KimSuspended,
    KimUpdated,
)
from kentongan.domain import NotKnownYet
from kentongan.domain.kims import Kim
from kentongan.messaging.subscriptions import DirectorySubscription
from kentongan.storage.driver import Database
from kentongan.storage.indexes import Index
from kentongan.storage.projections.directory import Directory, DirectoryEntry

KIMS = "kims"
KIM_INDEXES = (Index(keys=(("entry.region_code", 1), ("_id", 1)), name="region"),)


def kim_entry(state: KimState) -> dict[str, Any]:
    """What a service keeps of a group's public state."""
    return {
        "kim_id": state.kim_id,
        "name": state.name,
        "status": state.status,
        "region_code": state.region.code,
        "region_name": state.region.name,
        "level": state.region.level,
        "district_code": state.region.district_code,
        "district_name": state.region.district_name,
        "city_code": state.region.city_code,
        "potentials": sorted(state.potentials),
        "nik_komunitas": state.nik_komunitas,
        "valid_until": state.decree.valid_until.isoformat(),
    }


KIM_SUBSCRIPTION: DirectorySubscription[KimState] = DirectorySubscription(
    directory_name=KIMS,
    events=(KimRegistered, KimUpdated, KimSuspended, KimReinstated, KimDissolved),
    entry=kim_entry,
    indexes=KIM_INDEXES,
)
"""For a service's `subscriptions.py`."""


@dataclass(frozen=True, slots=True)
class KnownKim:
    """A group as the directory knows it, and the version it knows."""

    version: int
    changed_at: datetime
    kim: Kim


class KimDirectory:
    """The groups, newest version each. It is behind the registry by a moment.

    A service with questions of its own extends it in its `read_models.py`.
    """

    def __init__(self, database: Database) -> None:
        self._directory = Directory(database, KIMS, indexes=KIM_INDEXES)

    async def known(self, kim_id: str) -> KnownKim | None:
        """A group, or None where no event has told of it (yet)."""
        entry = await self._directory.get(kim_id)
        return _known(entry) if entry else None

    async def named_by_command(self, kim_id: str, field: str | None = None) -> Kim:
        """The group that a command names, in its payload's `field`. Raises NotKnownYet."""
        known = await self.known(kim_id)
        if known is None:
            raise NotKnownYet(field=field, kind="KIM", id=kim_id)
        return known.kim

    async def many(self, kim_ids: Iterable[str]) -> dict[str, Kim]:
        """Those groups that are known, by id."""
        entries = await self._directory.get_many(kim_ids)
        return {key: _known(entry).kim for key, entry in entries.items()}

    async def matching(self, query: dict[str, Any]) -> list[Kim]:
        """All groups that match a query over `entry.…`, by id."""
        entries = await self._directory.find(query, limit=0)
        return [_known(entry).kim for entry in entries]

    async def page(self, query: dict[str, Any], limit: int) -> list[KnownKim]:
        """Groups by region and id, for a list."""
        sort = (("entry.region_code", 1), ("_id", 1))
        entries = await self._directory.find(query, sort=sort, limit=limit)
        return [_known(entry) for entry in entries]


def _known(entry: DirectoryEntry) -> KnownKim:
    return KnownKim(entry.sequence, entry.time, Kim.model_validate(entry.entry))
