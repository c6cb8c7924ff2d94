"""The rows of the problem table about plans, assignments and the logbook."""

from kentongan.http import ProblemTable, ProblemText
from services.placement.domain import errors

PLACING_PROBLEMS: ProblemTable = {
    errors.BriefingMissed: ProblemText(
        409,
        "Belum mengikuti pembekalan",
        "Briefing missed",
        "Mahasiswa harus mengikuti pembekalan sebelum ditempatkan.",
        "A student must attend the briefing before placement.",
    ),
    errors.ImpossibleTransition: ProblemText(
        409,
        "Tidak mungkin dalam status ini",
        "Impossible in this status",
        "Perintah {command} tidak mungkin selama statusnya {status}.",
        "Command {command} is impossible while the status is {status}.",
    ),
    errors.NoActiveAssignment: ProblemText(
        409,
        "Tidak ada penempatan aktif",
        "No active assignment",
        "Mahasiswa ini tidak memiliki penempatan aktif (status {status}).",
        "The student has no active assignment (status {status}).",
    ),
    errors.AssignmentChanged: ProblemText(
        409,
        "Penempatan sudah berubah",
        "Assignment changed",
        "Penempatan ini sudah berubah sejak dilihat.",
        "The assignment has changed since it was looked at.",
    ),
    errors.StudentAlreadyPlaced: ProblemText(
        409,
        "Mahasiswa sudah ditempatkan",
        "Student already placed",
        "Mahasiswa ini masih memiliki penempatan aktif di angkatan lain: {enrolments}.",
        "These students have an active assignment in another cohort: {enrolments}.",
    ),
    errors.KimNotRegistered: ProblemText(
        409,
        "KIM tidak dapat menerima mahasiswa",
        "Group can't have students",
        "{kim} tidak dapat menerima mahasiswa: {why}.",
        "{kim} can't have students: {why_en}.",
    ),
    errors.KimOutsideCohort: ProblemText(
        409,
        "KIM di luar wilayah angkatan",
        "Group outside the cohort's region",
        "{kim} tidak berada di wilayah {region_code}.",
        "{kim} doesn't lie in region {region_code}.",
    ),
    errors.KimFull: ProblemText(
        409,
        "KIM penuh",
        "Group full",
        "{kim} sudah memiliki {capacity} mahasiswa angkatan ini.",
        "{kim} has {capacity} students of this cohort already.",
    ),
    errors.PinRepeated: ProblemText(
        422,
        "Penetapan ganda",
        "Student pinned twice",
        "Mahasiswa {enrolment_id} ditetapkan dua kali.",
        "Student {enrolment_id} is pinned twice.",
    ),
    errors.PinUnknown: ProblemText(
        409,
        "Penetapan tidak mungkin",
        "Impossible pin",
        "Rencana ini tidak dapat menempatkan mahasiswa {enrolment_id}.",
        "This plan can't place student {enrolment_id}.",
    ),
    errors.NobodyToPlace: ProblemText(
        409,
        "Tidak ada yang ditempatkan",
        "Nobody to place",
        "Belum ada mahasiswa yang mengikuti pembekalan.",
        "No student has attended the briefing yet.",
    ),
    errors.NoKimAvailable: ProblemText(
        409,
        "Tidak ada KIM",
        "No group available",
        "Belum ada KIM terdaftar di wilayah {region_code} yang dikenal layanan ini.",
        "This service knows no registered group in region {region_code} yet.",
    ),
    errors.PlanTooLarge: ProblemText(
        409,
        "Rencana terlalu besar",
        "Plan too large",
        "Rencana ini mengubah {students} mahasiswa; paling banyak {limit} sekaligus. "
        "Buat rencana per universitas.",
        "The plan changes {students} students; {limit} at most at once. Plan by universities.",
    ),
    errors.PlanStale: ProblemText(
        409,
        "Rencana sudah usang",
        "Plan stale",
        "KIM berikut tidak lagi dapat menerima mahasiswa: {names}. Buat rencana baru.",
        "These groups can no longer have students: {names}. Make a new plan.",
    ),
    errors.PlanOutdated: ProblemText(
        409,
        "Rencana tidak sesuai lagi",
        "Plan outdated",
        "Data {count} mahasiswa berubah sejak rencana dibuat. Buat rencana baru.",
        "{count} students changed since the plan was made. Make a new plan.",
    ),
    errors.ActivityOutsidePeriod: ProblemText(
        422,
        "Di luar masa penempatan",
        "Outside the period",
        "Kegiatan harus berlangsung dari {period_start} sampai {period_end}.",
        "The activity must take place from {period_start} to {period_end}.",
    ),
    errors.ActivityNotOver: ProblemText(
        422,
        "Kegiatan belum selesai",
        "Activity not over",
        "Kegiatan dicatat setelah selesai, bukan sebelumnya.",
        "An activity is written down after it is over, not before.",
    ),
}
