"""Enrolment files as campuses send them."""

import csv
import io

import pytest

from kentongan.storage.errors import TooManyConflicts
from services.placement.domain import errors
from services.placement.domain.imports import RejectedLine
from services.placement.domain.student_numbers import student_number
from services.placement.domain.universities import add_university, spelling
from services.placement.importing.checking import CheckedLine, KnownUniversity, LineChecker
from services.placement.importing.files import error_file, template
from services.placement.importing.line_rules import LINE_RULES, worded
from services.placement.importing.reading import Row, read_rows

HEADER = "nomor_mahasiswa;nama;universitas;program_studi\r\n"
BUDI_LUHUR = KnownUniversity("budi-luhur", "Universitas Budi Luhur", ("budi luhur", "ubl"))
RAHARJA = KnownUniversity("raharja", "Universitas Raharja", ("raharja",))


def rows(text: str, encoding: str = "utf-8-sig") -> list[Row]:
    return read_rows((HEADER + text).encode(encoding), limit=10)


def check(text: str, only: str | None = None) -> list[CheckedLine | RejectedLine]:
    checker = LineChecker([BUDI_LUHUR, RAHARJA], only)
    return [checker.check(row) for row in rows(text)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_encoding_that_excel_writes_is_read(encoding: str) -> None:
    (row,) = rows("2210114001;André Renée;UBL;Gizi\r\n", encoding)
    assert row.values["nama"] == "André Renée"


@pytest.mark.parametrize(
    "text",
    [
        "nomor_mahasiswa,nama,universitas,program_studi\n1234,A,UBL,Gizi\n",
        "NIM\tNama Mahasiswa\tKampus\tProdi\n1234\tA\tUBL\tGizi\n",
        "sep=;\r\nprogram studi;NAMA;universitas;nim;catatan\r\nGizi;A;UBL;1234;x\r\n",
    ],
)
def test_separators_and_headings_vary(text: str) -> None:
    (row,) = read_rows(text.encode(), limit=10)
    assert row.values == {
        "nomor_mahasiswa": "1234",
        "nama": "A",
        "universitas": "UBL",
        "program_studi": "Gizi",
    }


def test_lines_are_numbered_as_a_spreadsheet_shows_them() -> None:
    found = rows('1234;A;UBL;Gizi\r\n;;;\r\n1235;"B\r\nC";UBL;Gizi\r\n1236;D;UBL;Gizi\r\n')
    assert [row.line for row in found] == [2, 4, 6]


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xff\xfe\x00", b"\x81\x8d"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises((errors.FileUnreadable, errors.HeaderUnknown)):
        read_rows(content, limit=10)


@pytest.mark.parametrize("content", [b"", b"\r\n", b"nomor_mahasiswa;nama\r\n1;2\r\n"])
def test_missing_columns_are_named(content: bytes) -> None:
    with pytest.raises(errors.HeaderUnknown) as refused:
        read_rows(content, limit=10)
    assert "program_studi" in str(refused.value.facts["missing"])


def test_a_file_has_a_limit() -> None:
    text = "".join(f"22101{number};A;UBL;Gizi\r\n" for number in range(11))
    with pytest.raises(errors.FileTooLong):
        rows(text)


@pytest.mark.parametrize(
    ("text", "rule", "field"),
    [
        (";A;UBL;Gizi", "field-missing", "nomor_mahasiswa"),
        ("1234;A;UBL", "field-missing", "program_studi"),
        ("1234;A;Universitas Antah;Gizi", "university-unknown", "universitas"),
        ("2,02301E+11;A;UBL;Gizi", "student-number-rounded", "nomor_mahasiswa"),
        ("12;A;UBL;Gizi", "student-number-invalid", "nomor_mahasiswa"),
        ("ABCDE;A;UBL;Gizi", "student-number-invalid", "nomor_mahasiswa"),
        ("1234;A;UBL;Gizi;lagi", "too-many-columns", None),
        (f"1234;{'A' * 201};UBL;Gizi", "field-too-long", "nama"),
        ("1234;A\x07;UBL;Gizi", "field-unreadable", "nama"),
    ],
)
def test_each_bad_line_is_told_with_its_rule(text: str, rule: str, field: str | None) -> None:
    (line,) = check(text)
    assert isinstance(line, RejectedLine)
    assert (line.line, line.rule, line.field) == (2, rule, field)
    told = worded(line)
    assert told["detail"] != told["detail_en"]


def test_good_lines_are_kept_beside_bad_ones() -> None:
    lines = check("1234;A;Univ. Budi-Luhur;Gizi\r\n;;x;\r\n'00 1235;B;RAHARJA;Hukum\r\n")
    good = [line.student for line in lines if isinstance(line, CheckedLine)]
    assert [(each.university_id, each.student_number) for each in good] == [
        ("budi-luhur", "1234"),
        ("raharja", "001235"),
    ]


def test_a_student_listed_twice_is_told_where() -> None:
    first, second = check("1234;A;UBL;Gizi\r\n12 34;A;Budi Luhur;Gizi\r\n")
    assert isinstance(first, CheckedLine)
    assert isinstance(second, RejectedLine)
    assert (second.rule, second.facts) == ("duplicate-line", {"first": "2"})


def test_a_campus_enrols_its_own_only() -> None:
    own, other = check("1234;A;UBL;Gizi\r\n1234;A;Raharja;Gizi\r\n", only="budi-luhur")
    assert isinstance(own, CheckedLine)
    assert isinstance(other, RejectedLine)
    assert other.rule == "university-not-yours"


def test_the_error_file_runs_no_formula_and_can_be_sent_again() -> None:
    rejected = RejectedLine(
        line=2,
        rule="university-unknown",
        field="universitas",
        columns=("1234", "=HYPERLINK(1)", "-Antah", "@Gizi"),
    )
    content = error_file([rejected])
    assert content.startswith(b"\xef\xbb\xbf")
    (_, cells) = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    assert cells[1:4] == ["'=HYPERLINK(1)", "'-Antah", "'@Gizi"]
    assert cells[4:6] == ["2", "university-unknown"]
    (row,) = read_rows(content.replace(b"'-Antah", b"UBL"), limit=10)
    assert isinstance(LineChecker([BUDI_LUHUR], None).check(row), CheckedLine)


def test_the_template_is_read_without_complaint() -> None:
    (row,) = read_rows(template(), limit=10)
    assert isinstance(LineChecker([BUDI_LUHUR], None).check(row), CheckedLine)


def test_every_rule_of_a_line_is_worded_with_its_facts() -> None:
    facts = {"limit": "200", "students": "2", "first": "2", "university_id": "budi-luhur"}
    for rule in LINE_RULES:
        told = worded(RejectedLine(line=2, rule=rule, field="nama", facts=facts))
        assert "{" not in f"{told['detail']}{told['detail_en']}"
    assert {
        errors.QuotaExceeded.rule,
        errors.UniversityWithoutQuota.rule,
        errors.StudentNumberInvalid.rule,
        errors.StudentNumberRounded.rule,
        errors.StudentWithdrawn.rule,
        TooManyConflicts.rule,
    } <= set(LINE_RULES)


@pytest.mark.parametrize(
    ("text", "number"), [(" 2210 114-001 ", "2210114-001"), ("a.12/3", "A.12/3"), ("'0012", "0012")]
)
def test_student_numbers_are_written_in_one_way(text: str, number: str) -> None:
    assert student_number(text) == number


def test_a_university_is_known_by_all_its_names() -> None:
    state = add_university("buddhi-dharma", "Universitas Buddhi Dharma", ("UBD",)).state
    assert state.known_as == ("buddhi dharma", "ubd")
    assert spelling("Univ. BUDDHI-DHARMA") in state.known_as
    assert spelling("Universitas") == "universitas"
