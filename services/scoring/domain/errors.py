"""The rules that say no. `api/problems.py` words each in both languages; a test holds it."""

from kentongan.domain import DomainError


class PeriodReversed(DomainError):
    """A competition's period ends before it starts. Facts: period_start, period_end."""

    rule = "period-reversed"


class DeadlinesUnordered(DomainError):
    """A stage's deadline comes before the one of the stage before, or before submissions end.

    Facts: stage.
    """

    rule = "deadlines-unordered"


class JudgeRepeated(DomainError):
    """A judge is named twice for a stage. Facts: judge."""

    rule = "judge-repeated"


class CriterionRepeated(DomainError):
    """Two criteria of a rubric share an id. Facts: criterion."""

    rule = "criterion-repeated"


class ScaleReversed(DomainError):
    """A scale must have more most points than fewest points. Facts: criterion."""

    rule = "scale-reversed"


class CriterionMisdescribed(DomainError):
    """A counted criterion needs its formula; a judged one has none. Facts: criterion."""

    rule = "criterion-misdescribed"


class StageUnknown(DomainError):
    """The competition has no stage of this number. Facts: stage."""

    rule = "stage-unknown"


class StageNotOpen(DomainError):
    """The stages before this one aren't closed yet. Facts: stage."""

    rule = "stage-not-open"


class StageIsClosed(DomainError):
    """No score of this stage changes any more. Facts: stage."""

    rule = "stage-closed"


class StageIsClosing(DomainError):
    """The competition's entries are being sealed and ranked. Facts: stage."""

    rule = "stage-closing"


class JudgingBegun(DomainError):
    """A rubric stands, and its judges stay, from the first score on. Facts: stage."""

    rule = "judging-begun"


class ScoresMissing(DomainError):
    """Scores are missing, and no reason was given to close without them. Facts: missing."""

    rule = "scores-missing"


class StagesOpen(DomainError):
    """Results are published once every stage is closed. Facts: stage."""

    rule = "stages-open"


class AlreadyPublished(DomainError):
    """The results are published and stay as they are. Facts: none."""

    rule = "already-published"


class RankEmpty(DomainError):
    """No entry holds this rank (where ranks are shared, the next is left out). Facts: rank."""

    rule = "rank-empty"


class EntryUnknown(DomainError):
    """The entry named isn't one of this competition. Facts: entry."""

    rule = "entry-unknown"


class TooManyWinners(DomainError):
    """Shared ranks would give prizes to more entries than one event holds. Facts: limit."""

    rule = "too-many-winners"


class SubmissionsOver(DomainError):
    """Entries are taken until a moment, or until the first stage is closed. Facts: that moment."""

    rule = "submissions-over"


class KimNotRegistered(DomainError):
    """Only registered groups may enter. Facts: kim, status."""

    rule = "kim-not-registered"


class KimOutsideCompetition(DomainError):
    """The group lies outside the competition's region. Facts: kim, region."""

    rule = "kim-outside-competition"


class ForeignJudge(DomainError):
    """The caller isn't a judge of this stage, or of this competition. Facts: none."""

    rule = "foreign-judge"


class ConflictDeclared(DomainError):
    """The judge has declared a conflict with this entry. Facts: none."""

    rule = "conflict-declared"


class DeadlinePassed(DomainError):
    """The stage's deadline has passed. Facts: deadline."""

    rule = "deadline-passed"


class NotQualified(DomainError):
    """The entry didn't come as far as this stage. Facts: stage."""

    rule = "not-qualified"


class CriterionUnknown(DomainError):
    """The stage's rubric has no such criterion that judges give points for. Facts: criterion."""

    rule = "criterion-unknown"


class PointsOffScale(DomainError):
    """Points lie outside the criterion's scale. Facts: criterion, scale_min, scale_max."""

    rule = "points-off-scale"


class AlreadyScored(DomainError):
    """The judge has scored this already; a change of it is a correction. Facts: criterion."""

    rule = "already-scored"


class NotScoredYet(DomainError):
    """What was never scored can't be corrected. Facts: criterion."""

    rule = "not-scored-yet"


class ResultsNotPublished(DomainError):
    """The ranking is public once the results are published. Facts: none."""

    rule = "results-not-published"
