"""The rules that say no. `api/problems.py` words each in both languages; a test holds it."""

from kentongan.domain import DomainError


class UniversityUnknown(DomainError):
    """No university is registered under this id, name or alias. Facts: university."""

    rule = "university-unknown"


class UniversityNameTaken(DomainError):
    """A name or alias already means another university. Facts: none."""

    rule = "university-name-taken"


class PeriodReversed(DomainError):
    """A cohort's period ends before it starts. Facts: period_start, period_end."""

    rule = "period-reversed"


class BriefingAfterPeriod(DomainError):
    """The briefing must be held before the period ends, or nobody could be placed. Facts: dates."""

    rule = "briefing-after-period"


class QuotaRepeated(DomainError):
    """A university appears twice in a cohort's quotas. Facts: university_id."""

    rule = "quota-repeated"


class QuotaBelowEnrolled(DomainError):
    """More are enrolled than the new quota allows. Facts: university_id, students, enrolled."""

    rule = "quota-below-enrolled"


class CohortClosed(DomainError):
    """The cohort's period is over. Facts: period_end."""

    rule = "cohort-closed"


class UniversityWithoutQuota(DomainError):
    """The university takes no part in this cohort. Facts: university_id."""

    rule = "university-without-quota"


class QuotaExceeded(DomainError):
    """The university's quota in this cohort is used up. Facts: university_id, students."""

    rule = "quota-exceeded"


class StudentWithdrawn(DomainError):
    """The student left this cohort, and can only be readmitted. Facts: enrolment_id."""

    rule = "student-withdrawn"


class StudentNumberInvalid(DomainError):
    """Not a student number: 4 to 20 letters, digits, dots, dashes, with a digit. Facts: none."""

    rule = "student-number-invalid"


class StudentNumberRounded(DomainError):
    """A spreadsheet rounded the student number to a figure such as 2,02E+11. Facts: none."""

    rule = "student-number-rounded"


class BriefingNotHeld(DomainError):
    """Nobody can have attended a briefing that lies ahead. Facts: briefing_date."""

    rule = "briefing-not-held"


class BriefingMissed(DomainError):
    """A student must have attended the briefing before placement. Facts: none."""

    rule = "briefing-missed"


class ImpossibleTransition(DomainError):
    """The aggregate's status doesn't allow the command. Facts: status, command."""

    rule = "impossible-transition"


class NoActiveAssignment(DomainError):
    """The student has no active assignment. Facts: status."""

    rule = "no-active-assignment"


class AssignmentChanged(DomainError):
    """The assignment is not the one that was looked at. Facts: none."""

    rule = "assignment-changed"


class StudentAlreadyPlaced(DomainError):
    """The person has an active assignment in another cohort. Facts: enrolments (opaque ids)."""

    rule = "student-already-placed"


class KimNotRegistered(DomainError):
    """The group can't have students: suspended, dissolved or decree run out.

    Facts: kim, flag (its code), why and why_en (its meaning).
    """

    rule = "kim-not-registered"


class KimOutsideCohort(DomainError):
    """The group doesn't lie in the cohort's region. Facts: kim, region_code."""

    rule = "kim-outside-cohort"


class KimFull(DomainError):
    """The group has as many students of this cohort as it may. Facts: kim, capacity."""

    rule = "kim-full"


class PinRepeated(DomainError):
    """A student is pinned twice. Facts: enrolment_id."""

    rule = "pin-repeated"


class PinUnknown(DomainError):
    """A pin names an enrolment that this plan can't place. Facts: enrolment_id."""

    rule = "pin-unknown"


class NobodyToPlace(DomainError):
    """No student of the cohort is briefed and without withdrawal. Facts: none."""

    rule = "nobody-to-place"


class NoKimAvailable(DomainError):
    """The directory knows no registered group in the cohort's region. Facts: region_code."""

    rule = "no-kim-available"


class PlanTooLarge(DomainError):
    """One transaction confirms a stated number of students at most. Facts: students, limit."""

    rule = "plan-too-large"


class PlanStale(DomainError):
    """Groups of the plan can no longer have students. Facts: kims ([{id, name, flag}]), names."""

    rule = "plan-stale"


class PlanOutdated(DomainError):
    """Enrolments changed since the plan was made. Facts: enrolments (opaque ids), count."""

    rule = "plan-outdated"


class ActivityOutsidePeriod(DomainError):
    """The activity doesn't lie within the placement's period. Facts: period_start, period_end."""

    rule = "activity-outside-period"


class ActivityNotOver(DomainError):
    """The activity would end in the future. Facts: none."""

    rule = "activity-not-over"


class FileTooLong(DomainError):
    """An enrolment file has more lines than one import takes. Facts: limit."""

    rule = "file-too-long"


class FileUnreadable(DomainError):
    """The file is neither UTF-8 nor Windows text, or no CSV. Facts: none."""

    rule = "file-unreadable"


class HeaderUnknown(DomainError):
    """The file's first line lacks columns. Facts: missing."""

    rule = "header-unknown"
