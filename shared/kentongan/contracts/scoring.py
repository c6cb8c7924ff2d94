"""The events of the scoring service: competitions and their results, entries, scores, votes."""

from typing import Any

from pydantic import AwareDatetime, Field

from kentongan.contracts.competitions import (
    RANKED_EXAMPLE,
    STAGE_EXAMPLE,
    CompetitionStage,
    Results,
)
from kentongan.contracts.event import Day, Event, Kind, Topic, Visibility, event

COMPETITIONS = Topic(
    name="scoring.competitions",
    service="scoring",
    key="competition_id",
    kind=Kind.STATE,
    description="Competitions with their rubrics, their closed stages and their results.",
)
ENTRIES = Topic(
    name="scoring.entries",
    service="scoring",
    key="entry_id",
    kind=Kind.STATE,
    description="What groups have entered in a competition.",
)
SCORES = Topic(
    name="scoring.scores",
    service="scoring",
    key="entry_id",
    kind=Kind.FACT,
    description="What a judge gave an entry. Nobody but the jury's office may see it in time.",
    visibility=Visibility.RESTRICTED,
)
VOTES = Topic(
    name="scoring.votes",
    service="scoring",
    key="vote_id",
    kind=Kind.FACT,
    description="Votes cast in public campaigns. None names a voter.",
)


class CompetitionState(Event):
    """A competition's whole public state."""

    competition_id: str = Field(description="the competition's opaque id")
    title: str = Field(description="e.g. Lomba Kampung Digital")
    region_code: str = Field(description="Kemendagri code of the region whose groups take part")
    status: str = Field(description="open, or published once the results are")
    period_start: Day = Field(description="first day that an activity criterion counts")
    period_end: Day = Field(description="last day that an activity criterion counts, included")
    stages: list[CompetitionStage] = Field(description="in their order")
    results: Results | None = Field(description="none until they are published")


_COMPETITION: dict[str, Any] = {
    "competition_id": "3b1b3f54-40a5-5b1c-9d3e-2a1f0c9b7e21",
    "title": "Lomba Kampung Digital",
    "region_code": "36.71",
    "status": "open",
    "period_start": "2026-09-25",
    "period_end": "2026-11-05",
    "stages": [STAGE_EXAMPLE],
    "results": None,
}


@event(
    COMPETITIONS,
    trigger="Every entry of a stage was sealed against further scores, and its ranking stands.",
    readers=(),
    example=_COMPETITION,
    founding=True,
)
class StageClosed(CompetitionState):
    """A stage is over: no score of it changes any more."""


@event(
    COMPETITIONS,
    trigger="Diskominfo publishes the results after the last stage.",
    readers=("registry",),
    example={
        **_COMPETITION,
        "status": "published",
        "results": {
            "published_at": "2026-11-12T03:00:00Z",
            "tie_rule": "the higher mean in the criterion of greatest weight, then the next; "
            "what is still equal shares its rank",
            "entries": 1,
            "ranking": [RANKED_EXAMPLE],
            "prizes": [
                {
                    "name": "Juara 1",
                    "entry_id": RANKED_EXAMPLE["entry_id"],
                    "kim_id": RANKED_EXAMPLE["kim_id"],
                    "rank": 1,
                }
            ],
        },
    },
)
class ResultsPublished(CompetitionState):
    """The results are public, with what anyone needs to recompute them."""


@event(
    ENTRIES,
    trigger="A registered group enters a competition.",
    readers=(),
    example={
        "entry_id": "c1a4c7de-63f5-5f2a-8a3b-9a0b7f0d4e11",
        "competition_id": "3b1b3f54-40a5-5b1c-9d3e-2a1f0c9b7e21",
        "kim_id": "5f0c2f4e-7a55-5bd0-9a3e-0d0c4f6a8b11",
        "region_code": "36.71.07.1013",
        "title": "Lapak digital Gerendeng",
        "summary": "Toko bersama bagi 40 pelaku UMKM kelurahan.",
        "links": ["https://kim-gerendeng.example.id/lapak"],
        "submitted_at": "2026-10-20T02:00:00Z",
    },
    founding=True,
)
class EntrySubmitted(Event):
    """A group takes part: an entry's whole public state, its scores apart."""

    entry_id: str = Field(description="the entry's opaque id")
    competition_id: str = Field(description="the competition entered")
    kim_id: str = Field(description="the group that entered")
    region_code: str = Field(description="Kemendagri code of the group's region")
    title: str = Field(description="one line")
    summary: str = Field(description="what is entered, in plain words")
    links: list[str] = Field(description="public addresses of what is entered")
    submitted_at: AwareDatetime = Field(description="when it was entered")


@event(
    SCORES,
    trigger="A judge scores an entry, or corrects a score before the stage closes.",
    readers=(),
    example={
        "entry_id": "c1a4c7de-63f5-5f2a-8a3b-9a0b7f0d4e11",
        "competition_id": "3b1b3f54-40a5-5b1c-9d3e-2a1f0c9b7e21",
        "stage": 1,
        "judge_id": "juri-7f3a",
        "points": {"kreativitas": 84},
        "corrects": False,
        "scored_at": "2026-11-08T02:00:00Z",
    },
)
class ScoreSubmitted(Event):
    """A judge gave points. A correction is another fact, and replaces the points it names."""

    entry_id: str = Field(description="the entry that was scored")
    competition_id: str = Field(description="the competition that it belongs to")
    stage: int = Field(description="the stage's number, 1 for the first")
    judge_id: str = Field(description="opaque id of a judge")
    points: dict[str, int] = Field(description="by criterion, on the criterion's scale")
    corrects: bool = Field(description="whether it replaces points given before")
    scored_at: AwareDatetime = Field(description="when the judge gave them")


@event(
    VOTES,
    trigger="A person casts the day's vote in a campaign.",
    readers=(),
    example={
        "vote_id": "b8f0a3c2d4e54f6788990a1b2c3d4e5f60718293a4b5c6d7e8f9a0b1c2d3e4f5",
        "campaign_id": "6f5b8a3e-9d0c-5c7a-8c57-30c6c0f2b1aa",
        "option_id": "kim-gerendeng",
        "day": "2026-10-21",
        "suggestion": False,
        "cast_at": "2026-10-21T03:12:45.120000Z",
    },
)
class VoteCast(Event):
    """One vote counts. Its id tells neither the voter nor other votes of the same person."""

    vote_id: str = Field(description="opaque, another one for each person, campaign and day")
    campaign_id: str = Field(description="the campaign")
    option_id: str = Field(description="what was voted for")
    day: Day = Field(description="the day of the vote in the campaign's own time")
    suggestion: bool = Field(description="whether it came with a suggestion, which stays inside")
    cast_at: AwareDatetime = Field(description="by the database's clock")


EVENTS: tuple[type[Event], ...] = (
    StageClosed,
    ResultsPublished,
    EntrySubmitted,
    ScoreSubmitted,
    VoteCast,
)
