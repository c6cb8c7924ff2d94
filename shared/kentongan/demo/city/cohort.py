"""A cohort of students, and the file that enrols it: as Excel writes it, bad lines included."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from kentongan.demo.city.people import draw_name

STUDENTS = 114
"""Of seven universities, in Tangerang in September 2023 [S0]."""
COLUMNS = ("nomor_mahasiswa", "nama", "universitas", "program_studi")
PROGRAMMES = (
    *("Teknik Informatika", "Sistem Informasi", "Ilmu Komunikasi", "Manajemen", "Akuntansi"),
    *("Desain Komunikasi Visual", "Agribisnis", "Ilmu Gizi", "Teknik Lingkungan"),
    *("Pariwisata", "Ekonomi Pembangunan", "Ilmu Pemerintahan"),
)
BYTE_ORDER_MARK = "\ufeff"
UNKNOWN = "university-unknown"


@dataclass(frozen=True, slots=True)
class University:
    """A university and the share of the cohort that it sends."""

    id: str
    name: str
    aliases: tuple[str, ...]
    share: int


UNIVERSITIES = (
    University("budi-luhur", "Universitas Budi Luhur", ("UBL",), 22),
    University("buddhi-dharma", "Universitas Buddhi Dharma", ("UBD",), 18),
    University("raharja", "Universitas Raharja", (), 17),
    University("bina-nusantara", "Universitas Bina Nusantara", ("Binus",), 16),
    University("syekh-yusuf", "Universitas Islam Syekh Yusuf", ("UNIS",), 15),
    University("muhammadiyah-tangerang", "Universitas Muhammadiyah Tangerang", ("UMT",), 14),
    University(
        "syarif-hidayatullah",
        "Universitas Islam Negeri Syarif Hidayatullah Jakarta",
        ("UIN Jakarta", "UIN Syarif Hidayatullah"),
        12,
    ),
)
"""The universities of the 2023 season [S0]; the shares are ours."""


@dataclass(frozen=True, slots=True)
class Student:
    """A generated student."""

    number: str
    name: str
    university: University
    programme: str

    @property
    def line(self) -> tuple[str, ...]:
        """The student's line of the file."""
        return (self.number, self.name, self.university.name, self.programme)


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that must be refused, and the rule that should do it."""

    fields: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class EnrolmentFile:
    """The file and what it holds."""

    students: tuple[Student, ...]
    lines: tuple[tuple[str, ...], ...]
    bad: tuple[BadLine, ...]

    @property
    def content(self) -> bytes:
        """The bytes that Excel writes with Indonesian settings: `;`, a BOM, CRLF."""
        rows = (";".join(fields) for fields in (COLUMNS, *self.lines))
        return (BYTE_ORDER_MARK + "\r\n".join(rows) + "\r\n").encode()


def quotas(students: int) -> dict[str, int]:
    """How many students each university sends; at least one each, `students` in all."""
    whole = sum(university.share for university in UNIVERSITIES)
    counts = {one.id: max(1, one.share * students // whole) for one in UNIVERSITIES}
    for university in UNIVERSITIES[: students - sum(counts.values())]:
        counts[university.id] += 1
    return counts


def draw_file(*, seed: int, students: int) -> EnrolmentFile:
    """The file of a cohort, its bad lines strewn among the good ones."""
    random = Random(f"{seed}:cohort")
    counts = quotas(students)
    drawn = [
        Student(
            number=f"{2300 + place}{random.randint(1, 4)}{index:05d}",
            name=draw_name(random),
            university=university,
            programme=random.choice(PROGRAMMES),
        )
        for place, university in enumerate(UNIVERSITIES)
        for index in range(1, counts[university.id] + 1)
    ]
    random.shuffle(drawn)
    bad = _bad_lines(random, drawn[0])
    lines = [student.line for student in drawn]
    for line in bad:
        lines.insert(random.randint(1, len(lines)), line.fields)
    return EnrolmentFile(students=tuple(drawn), lines=tuple(lines), bad=bad)


def _bad_lines(random: Random, repeated: Student) -> tuple[BadLine, ...]:
    first, second = UNIVERSITIES[0].name, UNIVERSITIES[1].name
    programme = PROGRAMMES[0]
    lines: Sequence[tuple[tuple[str, ...], str]] = (
        (("2,02301E+11", draw_name(random), first, programme), "student-number-rounded"),
        (("24019001", draw_name(random), "Universitas Antah Berantah", programme), UNKNOWN),
        (("24019002", "", second, programme), "field-missing"),
        (("24 01#9003", draw_name(random), second, programme), "student-number-invalid"),
        (("24019004", draw_name(random), first), "field-missing"),
        (repeated.line, "duplicate-line"),
    )
    return tuple(BadLine(fields, rule) for fields, rule in lines)
