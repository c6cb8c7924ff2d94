"""The service's collections, each with the indexes that its rules and queries rest on."""

from dataclasses import dataclass

from kentongan.storage.aggregates.store import AggregateStore, Index
from kentongan.storage.driver import Database
from services.placement.domain.activities import Activity
from services.placement.domain.cohorts import Cohort
from services.placement.domain.enrolments import Enrolment
from services.placement.domain.imports import ImportReport
from services.placement.domain.plans import Plan
from services.placement.domain.universities import University

KNOWN_AS = Index(keys=(("state.known_as", 1),), name="known_as", unique=True)
"""A spelling means one university."""

SEAT = Index(
    keys=(("state.cohort_id", 1), ("state.university_id", 1), ("state.seat", 1)),
    name="seat",
    unique=True,
    partial={"state.seat": {"$gt": 0}},
)
"""A university's quota: see `free_seats`."""

ACTIVE_PERSON = Index(
    keys=(("state.active_person", 1),),
    name="active_person",
    unique=True,
    partial={"state.active_person": {"$gt": ""}},
)
"""A person has one active assignment at most, in whatever cohort."""

ENROLMENT_INDEXES = (
    SEAT,
    ACTIVE_PERSON,
    Index(keys=(("state.cohort_id", 1), ("state.status", 1), ("_id", 1)), name="cohort"),
    Index(keys=(("state.assignment.kim_id", 1), ("state.status", 1)), name="kim"),
    Index(keys=(("state.status", 1), ("state.period_end", 1)), name="period"),
)
ACTIVITY_INDEXES = (
    Index(keys=(("state.enrolment_id", 1), ("_id", 1)), name="enrolment"),
    Index(keys=(("state.kim_id", 1), ("state.status", 1), ("_id", 1)), name="kim"),
)
COHORT_INDEXES = (Index(keys=(("state.region_code", 1), ("_id", 1)), name="region"),)
PLAN_INDEXES = (
    Index(keys=(("state.cohort_id", 1), ("_id", 1)), name="cohort"),
    Index(keys=(("state.status", 1),), name="status"),
)
IMPORT_INDEXES = (Index(keys=(("state.expires_at", 1),), name="expiry", expire_after_seconds=0),)


@dataclass(frozen=True, slots=True)
class Stores:
    """All collections of the service."""

    universities: AggregateStore[University]
    cohorts: AggregateStore[Cohort]
    enrolments: AggregateStore[Enrolment]
    plans: AggregateStore[Plan]
    activities: AggregateStore[Activity]
    imports: AggregateStore[ImportReport]


def open_stores(database: Database) -> Stores:
    """The service's collections."""
    return Stores(
        universities=AggregateStore(database, "universities", University, indexes=(KNOWN_AS,)),
        cohorts=AggregateStore(database, "cohorts", Cohort, indexes=COHORT_INDEXES),
        enrolments=AggregateStore(database, "enrolments", Enrolment, indexes=ENROLMENT_INDEXES),
        plans=AggregateStore(database, "plans", Plan, indexes=PLAN_INDEXES),
        activities=AggregateStore(database, "activities", Activity, indexes=ACTIVITY_INDEXES),
        imports=AggregateStore(database, "imports", ImportReport, indexes=IMPORT_INDEXES),
    )
