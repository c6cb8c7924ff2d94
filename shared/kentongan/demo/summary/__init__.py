"""What a season leaves to be shown, on the terminal and on the page: figures only, no person."""

from kentongan.demo.summary.broadcast import ContentShown, GroupContents, WebhookFigures
from kentongan.demo.summary.campaign import CampaignShown, OptionShown
from kentongan.demo.summary.contest import (
    ContestShown,
    CriterionShown,
    PlaceShown,
    PrizeShown,
    StageShown,
)
from kentongan.demo.summary.programme import (
    Cell,
    DistrictCoverage,
    ImportFigures,
    Logbook,
    PlanFigures,
    ReasonShown,
    RejectedLine,
    UniversityPlacement,
)
from kentongan.demo.summary.season import Circumstances, Refusals, Season, TopicFigures
from kentongan.demo.summary.text import Text

__all__ = [
    "CampaignShown",
    "Cell",
    "Circumstances",
    "ContentShown",
    "ContestShown",
    "CriterionShown",
    "DistrictCoverage",
    "GroupContents",
    "ImportFigures",
    "Logbook",
    "OptionShown",
    "PlaceShown",
    "PlanFigures",
    "PrizeShown",
    "ReasonShown",
    "Refusals",
    "RejectedLine",
    "Season",
    "StageShown",
    "Text",
    "TopicFigures",
    "UniversityPlacement",
    "WebhookFigures",
]
