"""A token for each role, signed with the development key: what an identity provider would issue."""

from dataclasses import dataclass

from kentongan.http import sign_development_token


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs tokens for the persons of one city's season. Subjects are offices, never names."""

    city: str

    def diskominfo(self) -> str:
        """The city's communication office."""
        return sign_development_token(
            {"sub": f"diskominfo:{self.city}", "roles": ["diskominfo"], "region": self.city}
        )

    def village(self, region_code: str) -> str:
        """The office of one kelurahan."""
        return sign_development_token(
            {"sub": f"kelurahan:{region_code}", "roles": ["village"], "region": region_code}
        )

    def kim(self, kim_id: str, region_code: str) -> str:
        """The board of one group."""
        claims = {"sub": f"kim:{kim_id}", "roles": ["kim"], "region": region_code}
        return sign_development_token({**claims, "kim_id": kim_id})

    def campus(self, university_id: str) -> str:
        """The coordinator of one university."""
        return sign_development_token(
            {
                "sub": f"campus:{university_id}",
                "roles": ["campus"],
                "region": self.city,
                "university_id": university_id,
            }
        )

    def student(self, enrolment_id: str, university_id: str) -> str:
        """One student; the enrolment's id is the student's id."""
        return sign_development_token(
            {
                "sub": f"student:{enrolment_id}",
                "roles": ["student"],
                "region": self.city,
                "university_id": university_id,
                "student_id": enrolment_id,
            }
        )

    def supervisor(self, university_id: str) -> str:
        """A field supervisor (DPL) of one university."""
        return sign_development_token(
            {
                "sub": f"supervisor:{university_id}",
                "roles": ["supervisor"],
                "region": self.city,
                "university_id": university_id,
            }
        )

    def of_each_role(
        self, *, kim_id: str, region_code: str, enrolment_id: str, university_id: str
    ) -> dict[str, str]:
        """One token a role, for a person who wants to look around."""
        return {
            "diskominfo": self.diskominfo(),
            "village": self.village(region_code),
            "kim": self.kim(kim_id, region_code),
            "campus": self.campus(university_id),
            "student": self.student(enrolment_id, university_id),
            "supervisor": self.supervisor(university_id),
        }
