"""Votes by hand: the document that the service writes, in one upsert with the driver alone."""

import secrets
import uuid
from datetime import datetime
from typing import Any

from kentongan.contracts.scoring import VoteCast
from kentongan.domain.clock import utc_now
from services.scoring.domain.campaigns import Campaign
from tests.bench.campaigning import option_of, suggestion_of
from tests.bench.data import TRACE

AS_TEXT = "%Y-%m-%dT%H:%M:%S.%L000Z"


class BareVotes:
    """Votes for a campaign, written to a collection."""

    def __init__(self, collection: Any, campaign: Campaign, *, keyed: bool) -> None:
        self._collection = collection
        self._campaign = campaign
        self._keyed = keyed
        self._day = campaign.day_of(utc_now()).isoformat()

    async def cast(self, number: int) -> None:
        """One vote, stamped by the database."""
        document = self._document(number)
        state, entry = document.pop("state"), document.pop("outbox")
        in_time = {"$lt": ["$$NOW", self._campaign.ends_at]}
        text = {"$dateToString": {"date": "$$NOW", "format": AS_TEXT}}
        data = {"$mergeObjects": [{"$literal": entry.pop("data")}, {"cast_at": text}]}
        stamped = {
            "state": {
                "$mergeObjects": [{"$literal": state}, {"cast_at": "$$NOW", "counted": in_time}]
            },
            "outbox": [{"$mergeObjects": [{"$literal": entry}, {"data": data}]}],
        }
        result = await self._collection.update_one(
            {"_id": document["_id"]},
            [{"$replaceWith": {"$mergeObjects": [{"$literal": document}, stamped]}}],
            upsert=True,
        )
        if result.upserted_id is None:
            raise AssertionError("somebody else voted")

    def _document(self, number: int) -> dict[str, Any]:
        now, vote_id, event_id = utc_now(), secrets.token_hex(32), str(uuid.uuid4())
        option_id, suggestion = option_of(number), suggestion_of(number)
        named = {"vote_id": vote_id, "campaign_id": self._campaign.campaign_id}
        named |= {"option_id": option_id, "day": self._day}
        return {
            "_id": vote_id,
            "version": 1,
            "state": named | {"suggestion": suggestion, "suggests": suggestion is not None},
            "outbox": {
                "event_id": event_id,
                "type": VoteCast.contract.type,
                "sequence": 1,
                "data": named | {"suggestion": suggestion is not None},
                "time": now,
                "correlation_id": str(uuid.uuid4()),
                "causation_id": str(uuid.uuid4()),
                "traceparent": TRACE,
            },
            "pending_since": now,
            "keys": [self._key(named, now)] if self._keyed else [],
            "decisions": [
                {
                    "id": event_id,
                    "at": now,
                    "actor": "voter",
                    "command": "vote.cast",
                    "rule": "vote.cast",
                    "version": 1,
                    "note": None,
                }
            ],
        }

    def _key(self, named: dict[str, Any], now: datetime) -> dict[str, Any]:
        answer = {"id": named["vote_id"], "version": 1, **named}
        del answer["vote_id"]
        return {
            "key": secrets.token_hex(32),
            "payload_hash": secrets.token_hex(32),
            "status": 201,
            "answer": answer,
            "version": 1,
            "at": now,
        }
