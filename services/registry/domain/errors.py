"""Everything a rule of the registry can say no with; `api/problems.py` words each one.

Facts hold positions and figures, never a name or a date of birth.
"""

from kentongan.domain import DomainError


class RegionUnknown(DomainError):
    """The Kemendagri data has no such region, or it is not one where a group can work."""

    rule = "region-unknown"


class LevelMismatch(DomainError):
    """A kelurahan group named a kecamatan, or the other way round."""

    rule = "level-mismatch"


class PotentialUnknown(DomainError):
    """The city's list of potentials doesn't have it."""

    rule = "potential-unknown"


class PersonalDataInPublicText(DomainError):
    """A public text holds a phone number, an e-mail address or a citizen number (UU 27/2022)."""

    rule = "personal-data-in-public-text"


class LinkNotPublic(DomainError):
    """A link leads to a person or carries credentials, not to a public page of the group."""

    rule = "link-not-public"


class MemberLimits(DomainError):
    """Too few or too many members [S2]."""

    rule = "member-limits"


class MemberRepeated(DomainError):
    """The same person stands in the list twice."""

    rule = "member-repeated"


class MemberTooYoung(DomainError):
    """A board member is below the region's minimum age [P]."""

    rule = "member-too-young"


class DateInFuture(DomainError):
    """A date of birth, declaration or decree that has not come yet."""

    rule = "date-in-future"


class BoardIncomplete(DomainError):
    """A required board role is vacant [S4]."""

    rule = "board-incomplete"


class BoardRoleRepeated(DomainError):
    """More than one chair."""

    rule = "board-role-repeated"


class BoardDeclarationMissing(DomainError):
    """A board member has not declared to be neither civil servant nor affiliated [S4]."""

    rule = "board-declaration-missing"


class BoardMemberIsCivilServant(DomainError):
    """A board member does not declare to be no civil servant (ASN) [S4]."""

    rule = "board-member-is-civil-servant"


class BoardMemberIsAffiliated(DomainError):
    """A board member does not declare to be free of party and NGO [S4]."""

    rule = "board-member-is-affiliated"


class DecreeMissing(DomainError):
    """No decree has been entered [S4]."""

    rule = "decree-missing"


class DecreeByWrongOffice(DomainError):
    """The office, or its region, is not the one that may decree this group [S2]."""

    rule = "decree-by-wrong-office"


class DecreePeriodInvalid(DomainError):
    """The decree ends before it begins."""

    rule = "decree-period-invalid"


class DecreeNotYetValid(DomainError):
    """The decree's validity has not begun."""

    rule = "decree-not-yet-valid"


class DecreeExpired(DomainError):
    """The decree has run out."""

    rule = "decree-expired"


class ImpossibleTransition(DomainError):
    """The group's status does not allow the command."""

    rule = "impossible-transition"


class SeatTaken(DomainError):
    """Another registered or suspended group of this level holds the region."""

    rule = "seat-taken"
