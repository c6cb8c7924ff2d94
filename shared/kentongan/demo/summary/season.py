"""Everything that a season leaves to be shown."""

from dataclasses import dataclass, field
from datetime import date, datetime

from kentongan.demo.clients.delays import Delays
from kentongan.demo.consistency.checker import Verdict
from kentongan.demo.summary.broadcast import ContentShown, GroupContents, WebhookFigures
from kentongan.demo.summary.campaign import CampaignShown
from kentongan.demo.summary.contest import ContestShown
from kentongan.demo.summary.programme import (
    Cell,
    DistrictCoverage,
    ImportFigures,
    Logbook,
    PlanFigures,
    ReasonShown,
    UniversityPlacement,
)
from kentongan.demo.summary.text import Text


@dataclass(frozen=True, slots=True)
class Refusals:
    """How often a rule said no, in the service's own words."""

    service: str
    rule: str
    status: int
    count: int
    title: Text
    detail: Text
    """Of the first."""
    afterwards: Text


@dataclass(frozen=True, slots=True)
class TopicFigures:
    """What lies in a topic: records (repeats included), distinct events by name, their times."""

    topic: str
    service: str
    readers: tuple[str, ...]
    records: int
    by_name: dict[str, int]
    times: tuple[datetime, ...]

    @property
    def events(self) -> int:
        """Distinct events."""
        return sum(self.by_name.values())


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under what conditions the season was played."""

    city_code: str
    city_name: str
    today: date
    seed: int
    quick: bool
    began: datetime
    seconds: float
    broker: str
    """apache-kafka, light or external."""
    machine: str
    repeat: str
    """The command that plays it again."""
    period_start: date
    period_end: date


@dataclass(frozen=True, slots=True)
class Season:
    """Everything that is shown."""

    circumstances: Circumstances
    coverage: tuple[DistrictCoverage, ...]
    total: DistrictCoverage
    cells: tuple[Cell, ...]
    universities: tuple[UniversityPlacement, ...]
    matrix: dict[tuple[str, str], int]
    """Students by university id and district code."""
    plans: tuple[PlanFigures, ...]
    suspended_group: str
    flagged: int
    reasons: tuple[ReasonShown, ...]
    refusals: tuple[Refusals, ...]
    enrolment: ImportFigures
    logbook: Logbook
    topics: tuple[TopicFigures, ...]
    contents: tuple[ContentShown, ...]
    """The city's, in the order of their publication."""
    group_contents: GroupContents
    webhooks: WebhookFigures
    contest: ContestShown
    campaigns: tuple[CampaignShown, ...]
    delays: Delays
    verdict: Verdict
    stages: tuple[tuple[Text, float], ...] = field(default=())
    """The steps of the season and the seconds that each took."""
