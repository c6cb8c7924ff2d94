"""Who calls: roles and scope, as the token says."""

from dataclasses import dataclass
from enum import StrEnum

from kentongan.domain.regions import region_covers
from kentongan.http.problems.refusals import ForeignRegion, NotOwn, WrongRole


class Role(StrEnum):
    """The roles of the programme. A token may hold several."""

    DISKOMINFO = "diskominfo"
    VILLAGE = "village"
    KIM = "kim"
    CAMPUS = "campus"
    STUDENT = "student"
    SUPERVISOR = "supervisor"
    JUDGE = "judge"
    INTEGRATOR = "integrator"


@dataclass(frozen=True, slots=True)
class Caller:
    """The bearer of a valid token. `sub` is the actor of the commands, and the voter of a vote."""

    sub: str
    roles: frozenset[Role]
    region: str | None = None
    kim_id: str | None = None
    university_id: str | None = None
    student_id: str | None = None
    judge_id: str | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the caller has any of these roles."""
        return not self.roles.isdisjoint(roles)

    def covers(self, region_code: str) -> bool:
        """Whether the caller's region holds this one."""
        return region_covers(self.region, region_code)

    def require(self, *roles: Role) -> None:
        """Raise WrongRole unless the caller has one of these; none given means any caller."""
        if roles and not self.has(*roles):
            raise WrongRole(roles=[role.value for role in roles])

    def require_region(self, region_code: str) -> None:
        """Raise ForeignRegion unless the caller's region holds this one."""
        if not self.covers(region_code):
            raise ForeignRegion(region=region_code)

    def require_kim(self, kim_id: str) -> None:
        """Raise NotOwn unless the token names this group."""
        if self.kim_id != kim_id:
            raise NotOwn(kind="KIM")

    def require_university(self, university_id: str) -> None:
        """Raise NotOwn unless the token names this university."""
        if self.university_id != university_id:
            raise NotOwn(kind="universitas", kind_en="university")

    def require_student(self, student_id: str) -> None:
        """Raise NotOwn unless the token names this student (an enrolment's id)."""
        if self.student_id != student_id:
            raise NotOwn(kind="mahasiswa", kind_en="student")

    def require_judge(self, judge_id: str) -> None:
        """Raise NotOwn unless the token names this judge."""
        if self.judge_id != judge_id:
            raise NotOwn(kind="juri", kind_en="judge")
