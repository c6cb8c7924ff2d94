"""The wording of problems: Indonesian first, English beside it; one table for the kit's own."""

from collections.abc import Mapping
from dataclasses import dataclass

from kentongan.domain.errors import NotKnownYet
from kentongan.http.problems import refusals


@dataclass(frozen=True, slots=True)
class ProblemText:
    """How a refusal is told. The details are `str.format` templates over the error's facts."""

    status: int
    title: str
    title_en: str
    detail: str
    detail_en: str


ProblemTable = Mapping[type[Exception], ProblemText]
"""A service's table. An error is worded by its own class, or by the nearest base in the table."""

EDGE_PROBLEMS: ProblemTable = {
    refusals.Unauthenticated: ProblemText(
        401,
        "Belum masuk",
        "Not authenticated",
        "Permintaan ini memerlukan token: kirim header Authorization: Bearer <token>.",
        "This request needs a token: send the header Authorization: Bearer <token>.",
    ),
    refusals.InvalidToken: ProblemText(
        401,
        "Token tidak sah",
        "Invalid token",
        "Token ditolak ({reason}). Mintalah token baru.",
        "The token was refused ({reason}). Ask for a new one.",
    ),
    refusals.KeysUnavailable: ProblemText(
        503,
        "Kunci token tidak terjangkau",
        "Token keys unavailable",
        "Kunci penyedia identitas sedang tidak dapat dibaca. Coba lagi sebentar lagi.",
        "The identity provider's keys can't be read at the moment. Try again shortly.",
    ),
    refusals.WrongRole: ProblemText(
        403,
        "Peran tidak sesuai",
        "Wrong role",
        "Permintaan ini hanya untuk peran: {roles}.",
        "This request is only for the roles: {roles}.",
    ),
    refusals.ForeignRegion: ProblemText(
        403,
        "Di luar wilayah",
        "Foreign region",
        "Wilayah {region} berada di luar wilayah tugas Anda.",
        "Region {region} lies outside the region that you serve.",
    ),
    refusals.NotOwn: ProblemText(
        403,
        "Bukan milik Anda",
        "Not your own",
        "Data {kind} ini milik pihak lain.",
        "This {kind_en} belongs to someone else.",
    ),
    NotKnownYet: ProblemText(
        409,
        "Belum dikenal",
        "Not known yet",
        "{kind} {id} belum dikenal layanan ini; "
        "kabarnya mungkin masih dalam perjalanan. Coba lagi.",
        "{kind} {id} isn't known to this service; word of it may be on the way. Try again.",
    ),
    refusals.PreconditionMissing: ProblemText(
        428,
        "If-Match wajib diisi",
        "If-Match is required",
        "Perubahan ini menimpa data: kirim header If-Match berisi ETag yang terakhir Anda baca.",
        "This edit overwrites: send the header If-Match with the ETag that you last read.",
    ),
    refusals.PreconditionMalformed: ProblemText(
        400,
        "If-Match tidak terbaca",
        "Malformed If-Match",
        'If-Match harus berisi tepat satu ETag kuat, misalnya "7".',
        'If-Match must hold exactly one strong ETag, such as "7".',
    ),
    refusals.IdempotencyKeyMalformed: ProblemText(
        400,
        "Idempotency-Key tidak terbaca",
        "Malformed Idempotency-Key",
        "Idempotency-Key harus satu nilai, 1 sampai 255 karakter ASCII tanpa spasi.",
        "Idempotency-Key must be one value of 1 to 255 ASCII characters without spaces.",
    ),
    refusals.InvalidCursor: ProblemText(
        400,
        "Kursor tidak sah",
        "Invalid cursor",
        "Kursor bukan dari jawaban pencarian ini. Mulailah lagi tanpa kursor.",
        "The cursor is not from an answer to this query. Start again without it.",
    ),
    refusals.MalformedJson: ProblemText(
        400,
        "JSON tidak terbaca",
        "Malformed JSON",
        "Isi permintaan bukan JSON UTF-8 yang sah.",
        "The request's body is not valid JSON in UTF-8.",
    ),
    refusals.NulInAddress: ProblemText(
        400,
        "Alamat tidak sah",
        "Invalid address",
        "Alamat permintaan memuat karakter NUL.",
        "The request's address holds a NUL character.",
    ),
    refusals.BodyTooLarge: ProblemText(
        413,
        "Isi terlalu besar",
        "Body too large",
        "Isi permintaan melebihi {limit} bita.",
        "The request's body exceeds {limit} bytes.",
    ),
    refusals.UnsupportedMediaType: ProblemText(
        415,
        "Jenis isi tidak didukung",
        "Unsupported media type",
        "Isi permintaan harus berjenis application/json.",
        "The request's body must be application/json.",
    ),
}

STATUS_TEXTS: Mapping[int, tuple[str, ProblemText]] = {
    400: (
        "bad-request",
        ProblemText(
            400,
            "Permintaan tidak terbaca",
            "Bad request",
            "Permintaan tidak dapat dibaca.",
            "The request can't be read.",
        ),
    ),
    404: (
        "route-unknown",
        ProblemText(
            404,
            "Alamat tidak dikenal",
            "Unknown address",
            "Tidak ada apa pun di alamat ini.",
            "There is nothing at this address.",
        ),
    ),
    405: (
        "method-not-allowed",
        ProblemText(
            405,
            "Metode tidak diizinkan",
            "Method not allowed",
            "Alamat ini tidak menerima metode tersebut; lihat header Allow.",
            "This address doesn't take that method; see the header Allow.",
        ),
    ),
    422: (
        "validation",
        ProblemText(
            422,
            "Isian tidak sesuai",
            "Validation failed",
            "Ada isian yang tidak sesuai aturan; lihat errors.",
            "Some fields break their rules; see errors.",
        ),
    ),
    500: (
        "unexpected",
        ProblemText(
            500,
            "Kesalahan tak terduga",
            "Unexpected error",
            "Terjadi kesalahan di pihak kami. Sebutkan correlation_id bila melapor.",
            "Something went wrong on our side. Quote the correlation_id when you report it.",
        ),
    ),
}
"""Problems that no error class stands for: by status, with their rule."""
