"""A token for each role, signed with the development key: what an identity provider would issue."""

from dataclasses import dataclass
from functools import cache

from kentongan.http import sign_development_token


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs tokens for the persons of one city's season. Subjects are offices, never names."""

    city: str

    def diskominfo(self) -> str:
        """The city's communication office."""
        return _signed(f"diskominfo:{self.city}", "diskominfo", region=self.city)

    def village(self, region_code: str) -> str:
        """The office of one kelurahan."""
        return _signed(f"kelurahan:{region_code}", "village", region=region_code)

    def kim(self, kim_id: str, region_code: str) -> str:
        """The board of one group."""
        return _signed(f"kim:{kim_id}", "kim", region=region_code, kim_id=kim_id)

    def campus(self, university_id: str) -> str:
        """The coordinator of one university."""
        return self._academic("campus", university_id, university_id)

    def student(self, enrolment_id: str, university_id: str) -> str:
        """One student; the enrolment's id is the student's id."""
        return self._academic("student", enrolment_id, university_id, student_id=enrolment_id)

    def supervisor(self, university_id: str) -> str:
        """A field supervisor (DPL) of one university."""
        return self._academic("supervisor", university_id, university_id)

    def judge(self, judge_id: str) -> str:
        """One judge of a competition."""
        return _signed(f"judge:{judge_id}", "judge", region=self.city, judge_id=judge_id)

    def integrator(self, name: str) -> str:
        """A system of somebody else's that receives contents by webhook."""
        return _signed(f"integrator:{name}", "integrator", region=self.city)

    def resident(self, subject: str) -> str:
        """A resident who votes: no role of the programme, only a subject."""
        return _signed(subject)

    def of_each_role(
        self,
        *,
        kim_id: str,
        region_code: str,
        enrolment_id: str,
        university_id: str,
        judge_id: str,
        integrator: str,
    ) -> dict[str, str]:
        """One token a role, for a person who wants to look around."""
        return {
            "diskominfo": self.diskominfo(),
            "village": self.village(region_code),
            "kim": self.kim(kim_id, region_code),
            "campus": self.campus(university_id),
            "student": self.student(enrolment_id, university_id),
            "supervisor": self.supervisor(university_id),
            "judge": self.judge(judge_id),
            "integrator": self.integrator(integrator),
            "resident": self.resident("warga:penonton"),
        }

    def _academic(self, role: str, who: str, university_id: str, **claims: str) -> str:
        return _signed(
            f"{role}:{who}", role, region=self.city, university_id=university_id, **claims
        )


@cache
def _signed(subject: str, *roles: str, **claims: str) -> str:
    """Valid for hours, which is longer than any season: each is signed once."""
    return sign_development_token({"sub": subject, "roles": list(roles), **claims})
