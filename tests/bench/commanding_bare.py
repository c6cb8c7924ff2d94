"""Commands by hand: the document that the kit writes, with the driver and pydantic alone."""

import itertools
import uuid
from datetime import timedelta
from typing import Any

from kentongan.contracts.registry import KimRegistered, KimUpdated
from kentongan.domain.clock import utc_now
from tests.bench import group
from tests.bench.data import TRACE, identity


class BareGroups:
    """The same two commands on a collection."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection
        self._numbers = itertools.count()

    async def create(self, number: int) -> dict[str, Any]:
        """Insert a group with its event; returns the outbox entry."""
        state = group.new(number)
        event = KimRegistered.model_validate(state.model_dump())
        written = self._written(state, 1, "kim.register", event)
        await self._collection.insert_one(
            {
                "_id": state.kim_id,
                "version": 1,
                "state": written["state"],
                "outbox": [written["entry"]],
                "pending_since": written["entry"]["time"],
                "keys": [written["key"]],
                "decisions": [written["decision"]],
            }
        )
        return dict(written["entry"])

    async def change(self, number: int) -> dict[str, Any]:
        """Read, decide, update under the version's guard; returns the outbox entry."""
        now = utc_now()
        living = {"key": identity(10**11 + number), "at": {"$gt": now - timedelta(hours=24)}}
        found = await self._collection.find_one(
            {"_id": identity(number)},
            {"state": 1, "version": 1, "keys": {"$elemMatch": living}},
        )
        state = group.grown(group.Group.model_validate(found["state"]))
        event = KimUpdated.model_validate(state.model_dump())
        version = found["version"] + 1
        written = self._written(state, version, "kim.profile", event)
        result = await self._collection.update_one(
            {"_id": state.kim_id, "version": found["version"]},
            {
                "$set": {"state": written["state"], "version": version},
                "$push": {
                    "decisions": written["decision"],
                    "outbox": written["entry"],
                    "keys": {"$each": [written["key"]], "$slice": -20},
                },
                "$min": {"pending_since": written["entry"]["time"]},
            },
        )
        if result.matched_count != 1:
            raise AssertionError("somebody else wrote")
        return dict(written["entry"])

    def _written(
        self, state: group.Group, version: int, command: str, event: Any
    ) -> dict[str, Any]:
        now, event_id = utc_now(), str(uuid.uuid4())
        key = identity(10**10 + next(self._numbers))
        document = state.model_dump()
        for day in ("date", "valid_from", "valid_until"):
            document["decree"][day] = document["decree"][day].isoformat()
        answer = {"id": state.kim_id, "version": version, "status": state.status}
        return {
            "state": document,
            "entry": {
                "event_id": event_id,
                "type": event.contract.type,
                "sequence": version,
                "data": event.model_dump(mode="json"),
                "time": now,
                "correlation_id": key,
                "causation_id": key,
                "traceparent": TRACE,
            },
            "key": {
                "key": key,
                "payload_hash": key,
                "status": 201,
                "answer": answer,
                "version": version,
                "at": now,
            },
            "decision": {
                "id": event_id,
                "at": now,
                "actor": "diskominfo-1",
                "command": command,
                "rule": command,
                "version": version,
                "note": None,
            },
        }
