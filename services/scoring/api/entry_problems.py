"""The rows of the problem table about entries and their scores."""

from kentongan.http import ProblemTable, ProblemText
from services.scoring.domain import errors

ENTRY_PROBLEMS: ProblemTable = {
    errors.SubmissionsOver: ProblemText(
        409,
        "Pendaftaran ditutup",
        "Submissions over",
        "Karya diterima sampai {submissions_until}, atau sampai tahap pertama ditutup.",
        "Entries are taken until {submissions_until}, or until the first stage is closed.",
    ),
    errors.KimNotRegistered: ProblemText(
        409,
        "KIM tidak aktif",
        "Group not registered",
        "Hanya KIM terdaftar dapat mengikuti lomba; {kim} berstatus {status}.",
        "Only registered groups may enter; {kim} is {status}.",
    ),
    errors.KimOutsideCompetition: ProblemText(
        409,
        "KIM di luar wilayah lomba",
        "Group outside the competition",
        "{kim} berada di luar wilayah {region}.",
        "{kim} lies outside region {region}.",
    ),
    errors.ForeignJudge: ProblemText(
        403,
        "Bukan juri tahap ini",
        "Not a judge of this stage",
        "Anda bukan juri tahap atau lomba ini.",
        "You aren't a judge of this stage or competition.",
    ),
    errors.ConflictDeclared: ProblemText(
        409,
        "Ada benturan kepentingan",
        "Conflict declared",
        "Anda telah menyatakan benturan kepentingan dengan peserta ini.",
        "You have declared a conflict of interest with this entry.",
    ),
    errors.DeadlinePassed: ProblemText(
        409,
        "Tenggat lewat",
        "Deadline passed",
        "Tenggat penilaian tahap ini adalah {deadline}.",
        "The deadline of this stage was {deadline}.",
    ),
    errors.NotQualified: ProblemText(
        409,
        "Peserta tidak lolos",
        "Not qualified",
        "Peserta ini tidak mencapai tahap {stage}.",
        "This entry didn't come as far as stage {stage}.",
    ),
    errors.CriterionUnknown: ProblemText(
        422,
        "Kriteria tidak dikenal",
        "Unknown criterion",
        "Rubrik tahap ini tidak memiliki kriteria {criterion} yang dinilai juri.",
        "This stage's rubric has no criterion {criterion} that judges score.",
    ),
    errors.PointsOffScale: ProblemText(
        422,
        "Nilai di luar skala",
        "Points off the scale",
        "Nilai {criterion} harus antara {scale_min} dan {scale_max}.",
        "Points for {criterion} must lie between {scale_min} and {scale_max}.",
    ),
    errors.AlreadyScored: ProblemText(
        409,
        "Sudah dinilai",
        "Already scored",
        "Kriteria {criterion} sudah Anda nilai; perubahan harus berupa perbaikan dengan alasan.",
        "You have scored {criterion}; to change it, correct it with a reason.",
    ),
    errors.NotScoredYet: ProblemText(
        409,
        "Belum dinilai",
        "Not scored yet",
        "Kriteria {criterion} belum Anda nilai.",
        "You haven't scored {criterion} yet.",
    ),
}
