"""The rows of the problem table about universities, cohorts, enrolments and their files."""

from kentongan.http import ProblemTable, ProblemText
from services.placement.domain import errors

ENROLLING_PROBLEMS: ProblemTable = {
    errors.UniversityUnknown: ProblemText(
        422,
        "Universitas tidak dikenal",
        "Unknown university",
        "Universitas {university} belum terdaftar.",
        "University {university} isn't known.",
    ),
    errors.UniversityNameTaken: ProblemText(
        409,
        "Nama universitas sudah dipakai",
        "University name taken",
        "Nama atau alias ini sudah dipakai universitas lain.",
        "This name or alias already means another university.",
    ),
    errors.PeriodReversed: ProblemText(
        422,
        "Masa penempatan terbalik",
        "Period reversed",
        "Masa penempatan berakhir {period_end}, sebelum dimulai {period_start}.",
        "The period ends on {period_end}, before it starts on {period_start}.",
    ),
    errors.BriefingAfterPeriod: ProblemText(
        422,
        "Pembekalan terlambat",
        "Briefing too late",
        "Pembekalan {briefing_date} sesudah masa penempatan berakhir {period_end}.",
        "The briefing on {briefing_date} is after the period's end on {period_end}.",
    ),
    errors.QuotaRepeated: ProblemText(
        422,
        "Kuota ganda",
        "Quota repeated",
        "Universitas {university_id} muncul dua kali.",
        "University {university_id} appears twice.",
    ),
    errors.QuotaBelowEnrolled: ProblemText(
        409,
        "Kuota terlalu kecil",
        "Quota below enrolled",
        "{enrolled} mahasiswa {university_id} sudah terdaftar; kuota {students} tidak cukup.",
        "{enrolled} students of {university_id} are enrolled; a quota of {students} is too small.",
    ),
    errors.CohortClosed: ProblemText(
        409,
        "Angkatan sudah berakhir",
        "Cohort closed",
        "Masa penempatan sudah berakhir pada {period_end}.",
        "The cohort's period ended on {period_end}.",
    ),
    errors.UniversityWithoutQuota: ProblemText(
        409,
        "Universitas tidak mengikuti angkatan",
        "University takes no part",
        "Universitas {university_id} tidak memiliki kuota di angkatan ini.",
        "University {university_id} has no quota in this cohort.",
    ),
    errors.QuotaExceeded: ProblemText(
        409,
        "Kuota penuh",
        "Quota used up",
        "Kuota {university_id} ({students} mahasiswa) sudah penuh.",
        "The quota of {university_id} ({students} students) is used up.",
    ),
    errors.StudentWithdrawn: ProblemText(
        409,
        "Mahasiswa sudah mundur",
        "Student withdrawn",
        "Mahasiswa ini sudah mundur dari angkatan ini; "
        "pendaftarannya ({enrolment_id}) dapat diterima kembali.",
        "The student withdrew from this cohort; the enrolment ({enrolment_id}) can be readmitted.",
    ),
    errors.StudentNumberInvalid: ProblemText(
        422,
        "Nomor mahasiswa tidak sah",
        "Invalid student number",
        "Nomor mahasiswa harus 4 sampai 20 huruf atau angka, tanpa tanda lain selain . - /",
        "A student number has 4 to 20 letters or digits and no other sign than . - /",
    ),
    errors.StudentNumberRounded: ProblemText(
        422,
        "Nomor mahasiswa dibulatkan",
        "Student number rounded",
        "Nomor mahasiswa dibulatkan oleh lembar kerja; tulis seluruh angkanya.",
        "A spreadsheet rounded the student number; write all its digits.",
    ),
    errors.BriefingNotHeld: ProblemText(
        409,
        "Pembekalan belum berlangsung",
        "Briefing not held yet",
        "Pembekalan baru berlangsung pada {briefing_date}.",
        "The briefing will be held on {briefing_date}.",
    ),
    errors.FileTooLong: ProblemText(
        422,
        "Berkas terlalu panjang",
        "File too long",
        "Satu berkas memuat paling banyak {limit} mahasiswa. Bagilah berkas ini.",
        "A file holds {limit} students at most. Split it.",
    ),
    errors.FileUnreadable: ProblemText(
        422,
        "Berkas tidak terbaca",
        "File unreadable",
        "Berkas bukan CSV yang dapat dibaca. Simpan dari Excel sebagai CSV UTF-8.",
        "The file is no readable CSV. Save it from Excel as CSV UTF-8.",
    ),
    errors.HeaderUnknown: ProblemText(
        422,
        "Judul kolom tidak lengkap",
        "Columns missing",
        "Baris pertama harus memuat kolom: {missing}. Lihat templat.",
        "The first line must name the columns: {missing}. See the template.",
    ),
}
