"""Ids bound to a person: an HMAC under the service's secret, never a plain hash.

Student numbers are short and guessable; with a plain hash anyone could find the person behind a
published enrolment id by trying them all (architecture, "Personal data").
"""

import hashlib
import hmac

ID_LENGTH = 32


class Identities:
    """Derives opaque ids. The secret must never change: every student would be a stranger."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def enrolment_id(self, cohort_id: str, university_id: str, student_number: str) -> str:
        """The natural id of a student in a cohort: enrolling twice is the same enrolment."""
        return self._derive("enrolment", cohort_id, university_id, student_number)

    def person(self, university_id: str, student_number: str) -> str:
        """The same for a student in every cohort; it never leaves the service."""
        return self._derive("person", university_id, student_number)

    def _derive(self, *parts: str) -> str:
        message = "\x1f".join(parts).encode()
        return hmac.new(self._secret, message, hashlib.sha256).hexdigest()[:ID_LENGTH]
