"""The rows of the problem table about contents and their audiences."""

from kentongan.http import ProblemTable, ProblemText
from services.broadcast.domain import errors

CONTENT_PROBLEMS: ProblemTable = {
    errors.ImpossibleTransition: ProblemText(
        409,
        "Tidak dapat dilakukan sekarang",
        "Impossible now",
        "Perintah {command} tidak mungkin dalam status {status}.",
        "Command {command} is impossible in status {status}.",
    ),
    errors.KindForCityOnly: ProblemText(
        422,
        "Jenis konten milik kota",
        "A kind for the city only",
        "Konten jenis {kind} hanya ditulis oleh Diskominfo.",
        "Contents of kind {kind} are written by diskominfo only.",
    ),
    errors.KimNotRegistered: ProblemText(
        409,
        "KIM tidak terdaftar",
        "Group not registered",
        "{kim} berstatus {status}; hanya KIM terdaftar yang dapat menerbitkan.",
        "{kim} is {status}; only a registered group can publish.",
    ),
    errors.AudienceEmpty: ProblemText(
        422,
        "Sasaran kosong",
        "Empty audience",
        "Sasaran harus memuat paling sedikit satu wilayah atau satu KIM.",
        "An audience holds one region or one group at least.",
    ),
    errors.AudienceOutsideRegion: ProblemText(
        422,
        "Sasaran di luar wilayah",
        "Audience outside the region",
        "Sasaran di wilayah {region} berada di luar wilayah {region_code}.",
        "The audience in region {region} lies outside region {region_code}.",
    ),
    errors.AudienceOfGroup: ProblemText(
        422,
        "Sasaran milik kota",
        "An audience for the city",
        "Konten KIM ditujukan ke wilayahnya sendiri ({region_code}); sasaran lain ditetapkan "
        "Diskominfo saat peninjauan.",
        "A group's content is for its own region ({region_code}); diskominfo sets any other "
        "audience in review.",
    ),
    errors.PublicationTimePast: ProblemText(
        422,
        "Waktu terbit sudah lewat",
        "Publication time past",
        "Waktu terbit {at} sudah lewat. Kosongkan untuk menerbitkan sekarang.",
        "The publication time {at} is past. Leave it out to publish now.",
    ),
    errors.NothingCorrected: ProblemText(
        422,
        "Tidak ada yang diralat",
        "Nothing corrected",
        "Ralat ini sama dengan edisi {edition} yang sedang terbit.",
        "This correction equals edition {edition}, which is public now.",
    ),
    errors.TooManyEditions: ProblemText(
        409,
        "Terlalu banyak edisi",
        "Too many editions",
        "Konten sudah memiliki {limit} edisi. Tarik konten ini dan terbitkan yang baru.",
        "The content has {limit} editions. Retract it and publish a new one.",
    ),
    errors.PublicationNotDue: ProblemText(
        409,
        "Belum waktunya terbit",
        "Not due",
        "Konten tidak terjadwal, atau waktunya belum tiba.",
        "The content isn't scheduled, or its time hasn't come.",
    ),
    errors.EditionPassed: ProblemText(
        409,
        "Edisi sudah berganti",
        "Edition passed",
        "Edisi {edition} bukan lagi edisi yang sedang dikirim.",
        "Edition {edition} is no longer the one being delivered.",
    ),
}
