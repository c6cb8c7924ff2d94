"""The rules that say no. `api/problems.py` words each in both languages; a test holds it."""

from kentongan.domain import DomainError


class ImpossibleTransition(DomainError):
    """The aggregate's status doesn't allow the command. Facts: status, command."""

    rule = "impossible-transition"


class KindForCityOnly(DomainError):
    """Information and clarifications are the city's. Facts: kind."""

    rule = "kind-for-city-only"


class KimNotRegistered(DomainError):
    """A suspended or dissolved group publishes nothing. Facts: kim (its name), status."""

    rule = "kim-not-registered"


class AudienceEmpty(DomainError):
    """Neither a region nor a group is addressed. Facts: none."""

    rule = "audience-empty"


class AudienceOutsideRegion(DomainError):
    """An audience lies outside the author's region. Facts: region, region_code."""

    rule = "audience-outside-region"


class AudienceOfGroup(DomainError):
    """A group's content is for its own region; the city addresses others. Facts: region_code."""

    rule = "audience-of-group"


class PublicationTimePast(DomainError):
    """The time set for publication isn't ahead. Facts: at."""

    rule = "publication-time-past"


class NothingCorrected(DomainError):
    """A correction that changes nothing. Facts: edition."""

    rule = "nothing-corrected"


class TooManyEditions(DomainError):
    """A content was corrected as often as its history holds. Facts: limit."""

    rule = "too-many-editions"


class PublicationNotDue(DomainError):
    """The content isn't scheduled, or its time hasn't come: somebody was faster. Facts: none."""

    rule = "publication-not-due"


class EditionPassed(DomainError):
    """The edition spoken of is no longer the newest, or its planning went on. Facts: edition."""

    rule = "edition-passed"


class TargetNotAllowed(DomainError):
    """A webhook's address that the courier would not connect to. Facts: why."""

    rule = "target-not-allowed"


class TooManyChannels(DomainError):
    """The owner has as many channels as one may have. Facts: limit."""

    rule = "too-many-channels"


class TooManyRotations(DomainError):
    """Each secret that was replaced within a day still signs. Facts: limit, at (from when on)."""

    rule = "too-many-rotations"


class RegionsForIntegratorOnly(DomainError):
    """A group gets what is addressed to it, so its channels name no regions. Facts: none."""

    rule = "regions-for-integrator-only"


class DeliveryNotReplayable(DomainError):
    """A delivery on its way or called off is not sent again. Facts: status."""

    rule = "delivery-not-replayable"


class ChannelNotActive(DomainError):
    """The channel is off or removed, so nothing can be sent to it. Facts: status."""

    rule = "channel-not-active"


class EditionNotCurrent(DomainError):
    """What would be sent again was retracted, or corrected since. Facts: status, edition."""

    rule = "edition-not-current"
