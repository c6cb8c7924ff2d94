"""The persons of a season by their role, each able to show a token of whoever issues them."""

from kentongan.demo.clients.bearers import Bearer, Issuer, Person, development_issuer
from kentongan.http import Role


class Tokens:
    """The persons of one city's season. Subjects are offices, never names."""

    def __init__(self, city: str, issuer: Issuer | None = None) -> None:
        self.city = city
        self.issuer = issuer or development_issuer()

    def diskominfo(self) -> Bearer:
        """The city's communication office."""
        return self._of(f"diskominfo:{self.city}", Role.DISKOMINFO, region=self.city)

    def village(self, region_code: str) -> Bearer:
        """The office of one kelurahan."""
        return self._of(f"kelurahan:{region_code}", Role.VILLAGE, region=region_code)

    def kim(self, kim_id: str, region_code: str) -> Bearer:
        """The board of one group."""
        return self._of(f"kim:{kim_id}", Role.KIM, region=region_code, kim_id=kim_id)

    def campus(self, university_id: str) -> Bearer:
        """The coordinator of one university."""
        return self._academic(Role.CAMPUS, university_id, university_id)

    def student(self, enrolment_id: str, university_id: str) -> Bearer:
        """One student; the enrolment's id is the student's id."""
        return self._academic(Role.STUDENT, enrolment_id, university_id, student_id=enrolment_id)

    def supervisor(self, university_id: str) -> Bearer:
        """A field supervisor (DPL) of one university."""
        return self._academic(Role.SUPERVISOR, university_id, university_id)

    def judge(self, judge_id: str) -> Bearer:
        """One judge of a competition."""
        return self._of(f"judge:{judge_id}", Role.JUDGE, region=self.city, judge_id=judge_id)

    def integrator(self, name: str) -> Bearer:
        """A system of somebody else's that receives contents by webhook."""
        return self._of(f"integrator:{name}", Role.INTEGRATOR, region=self.city)

    def resident(self, subject: str) -> Bearer:
        """A resident who votes: no role of the programme, only a subject."""
        return self.issuer.bearer(Person(subject))

    def of_each_role(
        self,
        *,
        kim_id: str,
        region_code: str,
        enrolment_id: str,
        university_id: str,
        judge_id: str,
        integrator: str,
    ) -> dict[str, Bearer]:
        """A person a role, for somebody who wants to look around."""
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

    def _academic(self, role: Role, who: str, university_id: str, **claims: str) -> Bearer:
        return self._of(
            f"{role}:{who}", role, region=self.city, university_id=university_id, **claims
        )

    def _of(self, subject: str, role: Role, **claims: str) -> Bearer:
        return self.issuer.bearer(Person(subject, (role.value,), claims))
