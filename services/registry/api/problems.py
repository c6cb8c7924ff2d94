"""How the registry words its refusals and warnings, in Indonesian and English: one table."""

from collections.abc import Mapping

from kentongan.http import ProblemTable, ProblemText
from kentongan.storage.errors import AggregateNotFound
from services.registry.domain import errors
from services.registry.domain.standing import DECREE_ENDS_SOON, SEAT_TAKEN_WARNING

PROBLEMS: ProblemTable = {
    AggregateNotFound: ProblemText(
        404,
        "KIM tidak ditemukan",
        "Group not found",
        "Tidak ada KIM dengan id {id} yang dapat Anda lihat.",
        "There is no group with id {id} that you can see.",
    ),
    errors.RegionUnknown: ProblemText(
        422,
        "Wilayah tidak dikenal",
        "Unknown region",
        "Kode {region} tidak ada dalam data wilayah Kemendagri pada tingkat yang diperlukan.",
        "Code {region} is not in the Kemendagri data at the level that is needed.",
    ),
    errors.LevelMismatch: ProblemText(
        422,
        "Tingkat tidak sesuai",
        "Level mismatch",
        "KIM tingkat {level} tidak dapat berada di wilayah tingkat {found}.",
        "A group of {level} level can't be in a region of {found} level.",
    ),
    errors.PotentialUnknown: ProblemText(
        422,
        "Potensi tidak dikenal",
        "Unknown potential",
        "Potensi {potential} tidak ada dalam daftar: {known}.",
        "Potential {potential} is not on the list: {known}.",
    ),
    errors.PersonalDataInPublicText: ProblemText(
        422,
        "Data pribadi dalam teks publik",
        "Personal data in a public text",
        "Teks ini tampil untuk umum: hapus nomor telepon, alamat surel, atau nomor penduduk.",
        "This text is public: remove the phone number, e-mail address or citizen number.",
    ),
    errors.LinkNotPublic: ProblemText(
        422,
        "Tautan bukan halaman publik",
        "Not a public page",
        "Tautan {kind} harus menuju halaman publik KIM, bukan percakapan atau akun pribadi.",
        "The {kind} link must lead to a public page of the group, not to a chat or a person.",
    ),
    errors.MemberLimits: ProblemText(
        422,
        "Jumlah anggota tidak sesuai",
        "Number of members",
        "KIM memerlukan {minimum} sampai {maximum} anggota; tercatat {found}.",
        "A group needs {minimum} to {maximum} members; there are {found}.",
    ),
    errors.MemberRepeated: ProblemText(
        422,
        "Anggota tercatat ganda",
        "Member repeated",
        "Anggota nomor {position} sudah tercatat sebelumnya.",
        "Member number {position} stands in the list already.",
    ),
    errors.MemberTooYoung: ProblemText(
        422,
        "Pengurus di bawah umur",
        "Board member too young",
        "Anggota nomor {position} menjadi pengurus sebelum berumur {minimum} tahun.",
        "Member number {position} is on the board below the age of {minimum}.",
    ),
    errors.DateInFuture: ProblemText(
        422,
        "Tanggal belum tiba",
        "Date in the future",
        "Tanggal ini sesudah hari ini ({today}).",
        "This date lies after today ({today}).",
    ),
    errors.BoardIncomplete: ProblemText(
        422,
        "Pengurus belum lengkap",
        "Board incomplete",
        "Jabatan yang masih kosong: {roles}.",
        "These board roles are vacant: {roles}.",
    ),
    errors.BoardRoleRepeated: ProblemText(
        422,
        "Jabatan ganda",
        "Board role repeated",
        "Hanya boleh ada satu {role}.",
        "There can be only one {role}.",
    ),
    errors.BoardDeclarationMissing: ProblemText(
        422,
        "Pernyataan pengurus belum ada",
        "Declaration missing",
        "Anggota nomor {position} ({role}) belum menyatakan bukan ASN dan tidak berafiliasi.",
        "Member number {position} ({role}) has not made the declaration that board members owe.",
    ),
    errors.BoardMemberIsCivilServant: ProblemText(
        422,
        "Pengurus tidak boleh ASN",
        "No civil servant on the board",
        "Anggota nomor {position} tidak menyatakan bukan ASN; pengurus KIM bukan dari ASN.",
        "Member number {position} doesn't declare to be no civil servant; the board has none.",
    ),
    errors.BoardMemberIsAffiliated: ProblemText(
        422,
        "Pengurus tidak boleh berafiliasi",
        "No affiliation on the board",
        "Anggota nomor {position} tidak menyatakan bebas dari partai politik dan LSM.",
        "Member number {position} doesn't declare to be free of party and NGO.",
    ),
    errors.DecreeMissing: ProblemText(
        422,
        "SK belum ada",
        "Decree missing",
        "Isi SK terlebih dahulu.",
        "Enter the decree first.",
    ),
    errors.DecreeByWrongOffice: ProblemText(
        422,
        "SK bukan dari pejabat yang berwenang",
        "Decree by the wrong office",
        "SK KIM ini diterbitkan oleh {expected}, bukan {found}.",
        "This group's decree comes from {expected}, not from {found}.",
    ),
    errors.DecreePeriodInvalid: ProblemText(
        422,
        "Masa berlaku SK terbalik",
        "Decree period invalid",
        "SK berakhir sebelum mulai berlaku.",
        "The decree ends before it begins.",
    ),
    errors.DecreeNotYetValid: ProblemText(
        422,
        "SK belum berlaku",
        "Decree not yet valid",
        "SK baru berlaku pada {valid_from}.",
        "The decree becomes valid on {valid_from}.",
    ),
    errors.DecreeExpired: ProblemText(
        422,
        "SK sudah berakhir",
        "Decree expired",
        "SK berakhir pada {valid_until}; isi SK yang baru.",
        "The decree ended on {valid_until}; enter a new one.",
    ),
    errors.ImpossibleTransition: ProblemText(
        409,
        "Status tidak mengizinkan",
        "Impossible in this status",
        "KIM berstatus {status}; perintah {command} hanya untuk status: {allowed}.",
        "The group is {status}; {command} is only for: {allowed}.",
    ),
    errors.SeatTaken: ProblemText(
        409,
        "Wilayah sudah memiliki KIM",
        "Seat taken",
        "Sudah ada KIM tingkat {level} yang terdaftar di {region}.",
        "A group of {level} level is registered in {region} already.",
    ),
}

_WARNINGS: Mapping[str, tuple[str, str]] = {
    SEAT_TAKEN_WARNING: (
        "Sudah ada KIM terdaftar di {region}; KIM ini belum dapat didaftarkan.",
        "A group is registered in {region} already; this one can't be for now.",
    ),
    DECREE_ENDS_SOON: (
        "SK berakhir pada {valid_until}.",
        "The decree ends on {valid_until}.",
    ),
}


def warning_texts(code: str, facts: Mapping[str, str]) -> dict[str, str]:
    """A warning's sentences, as the receipt carries them."""
    detail, detail_en = _WARNINGS[code]
    return {"detail": detail.format(**facts), "detail_en": detail_en.format(**facts)}
