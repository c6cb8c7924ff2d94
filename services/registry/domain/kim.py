"""The aggregate: a group (KIM) with its members, its decree and its standing."""

from datetime import date, datetime
from enum import StrEnum

from kentongan.domain.state import State
from services.registry.domain.regions import Level, Region


class Status(StrEnum):
    """The stored standing. `expired` is never stored: it follows from the decree and the day."""

    PROPOSED = "proposed"
    SUBMITTED = "submitted"
    """Complete: decree and board in order, waiting for Diskominfo."""
    REGISTERED = "registered"
    SUSPENDED = "suspended"
    DISSOLVED = "dissolved"


EXPIRED = "expired"
"""How a registered group is shown once its decree has run out (terms are 3 to 4 years [P])."""


class BoardRole(StrEnum):
    """A member's role. All but `anggota` belong to the board (pengurus)."""

    KETUA = "ketua"
    SEKRETARIS = "sekretaris"
    BENDAHARA = "bendahara"
    BIDANG = "bidang"
    OPERATOR = "operator"
    ANGGOTA = "anggota"


class Office(StrEnum):
    """The head who signs a group's decree: of the kelurahan, or of the kecamatan [S2]."""

    LURAH = "lurah"
    CAMAT = "camat"


class Link(State):
    """A public address of the group, never of a person."""

    kind: str
    url: str


class Member(State):
    """A member: personal data, which never leaves this service.

    `declared_on` is the day of a board member's declaration to be neither civil servant nor
    affiliated with a party or NGO [S4]. Only the declaration is kept, never an affiliation.
    """

    name: str
    birth_date: date
    role: BoardRole
    declared_on: date | None = None

    @property
    def on_board(self) -> bool:
        """Whether the rules for board members apply."""
        return self.role is not BoardRole.ANGGOTA


class Decree(State):
    """The decree (SK) that founds the group. It names the office, never who signed."""

    number: str
    dated: date
    office: Office
    region_code: str
    valid_from: date
    valid_until: date
    """The last day on which it is valid."""


class Kim(State):
    """A group's whole state. `number`, `nik_komunitas` and `registered_at` come with registration.

    `seat` is what only one group may hold: set at registration, kept while suspended, given back
    at dissolution. `number` is never given back.
    """

    kim_id: str
    name: str
    level: Level
    region: Region
    status: Status
    potentials: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    members: tuple[Member, ...] = ()
    decree: Decree | None = None
    proposed_at: datetime
    city_code: str
    number: int | None = None
    nik_komunitas: str | None = None
    seat: str | None = None
    registered_at: datetime | None = None
    names: tuple[str, ...] = ()
    """Name, region name and aliases, folded, so that "grendeng" finds KIM Gerendeng."""

    @property
    def wanted_seat(self) -> str:
        """The seat that registration takes: one group per level and region."""
        return f"{self.level}:{self.region.code}"

    def standing(self, today: date) -> str:
        """The status as people see it, `expired` included."""
        return standing(self.status, self.decree.valid_until if self.decree else None, today)


def standing(status: Status, valid_until: date | None, today: date) -> str:
    """The status as people see it: a registered group whose decree ran out is `expired`."""
    ran_out = valid_until is not None and valid_until < today
    return EXPIRED if status is Status.REGISTERED and ran_out else status.value


def findable_names(name: str, region: Region) -> tuple[str, ...]:
    """What `Kim.names` holds: every spelling under which the group is looked for."""
    spellings = (name, region.name, *region.aliases)
    return tuple(sorted({folded(spelling) for spelling in spellings}))


def folded(name: str) -> str:
    """A name as it is compared: without case, outer or doubled spaces, and a leading "KIM"."""
    words = name.casefold().split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "kim" else words)
