"""The service's collections, each with the indexes that its rules and queries rest on."""

from dataclasses import dataclass

from kentongan.storage.aggregates.stamped_store import StampedStore
from kentongan.storage.aggregates.store import AggregateStore, Index
from kentongan.storage.driver import Database
from kentongan.storage.facts import FactStore
from services.scoring.domain.campaigns import Campaign
from services.scoring.domain.competitions import Competition
from services.scoring.domain.entries import Entry
from services.scoring.domain.tallies import Tally
from services.scoring.domain.votes import Vote

COMPETITION_INDEXES = (
    Index(keys=(("state.region_code", 1), ("_id", 1)), name="region"),
    Index(keys=(("state.status", 1),), name="status"),
)
ENTRY_INDEXES = (
    Index(keys=(("state.competition_id", 1), ("_id", 1)), name="competition"),
    Index(
        keys=(
            ("state.competition_id", 1),
            ("state.stage", 1),
            ("state.sealed_stage", 1),
            ("_id", 1),
        ),
        name="unsealed",
    ),
    Index(
        keys=(
            ("state.competition_id", 1),
            ("state.sealed_stage", 1),
            ("state.order_key", -1),
            ("_id", 1),
        ),
        name="order",
    ),
    Index(keys=(("state.competition_id", 1), ("state.rank", 1), ("_id", 1)), name="rank"),
)
CAMPAIGN_INDEXES = (Index(keys=(("state.region_code", 1), ("_id", 1)), name="region"),)
VOTE_INDEXES = (
    Index(
        keys=(
            ("state.campaign_id", 1),
            ("state.counted", 1),
            ("state.day", 1),
            ("state.option_id", 1),
            ("state.suggests", 1),
        ),
        name="tally",
    ),
    Index(
        keys=(("state.campaign_id", 1), ("state.counted", 1), ("_id", 1)),
        name="suggestions",
        partial={"state.suggests": True},
    ),
)
"""All that a tally counts is in the first: votes are counted without being read."""

FINAL = Index(
    keys=(("state.final.counted_at", 1), ("_id", 1)),
    name="final",
    partial={"state.final.counted_at": {"$exists": True}},
)
VOTING_DAY_INDEXES = (Index(keys=(("campaign_id", 1), ("_id", 1)), name="campaign"),)


@dataclass(frozen=True, slots=True)
class Stores:
    """All collections of the service."""

    competitions: AggregateStore[Competition]
    entries: AggregateStore[Entry]
    campaigns: AggregateStore[Campaign]
    votes: StampedStore[Vote]
    tallies: AggregateStore[Tally]
    voting_days: FactStore


def open_stores(database: Database) -> Stores:
    """The service's collections."""
    return Stores(
        competitions=AggregateStore(
            database, "competitions", Competition, indexes=COMPETITION_INDEXES
        ),
        entries=AggregateStore(database, "entries", Entry, indexes=ENTRY_INDEXES),
        campaigns=AggregateStore(database, "campaigns", Campaign, indexes=CAMPAIGN_INDEXES),
        votes=StampedStore(database, "votes", Vote, indexes=VOTE_INDEXES),
        tallies=AggregateStore(database, "tallies", Tally, indexes=(FINAL,)),
        voting_days=FactStore(database, "voting_days", indexes=VOTING_DAY_INDEXES),
    )
