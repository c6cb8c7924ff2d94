"""How storage's own answers are told where a service doesn't word them itself."""

from kentongan.http.problems.texts import ProblemTable, ProblemText
from kentongan.storage import errors

STORAGE_PROBLEMS: ProblemTable = {
    errors.AggregateNotFound: ProblemText(
        404, "Tidak ditemukan", "Not found", "Tidak ada data {id}.", "There is no {id}."
    ),
    errors.AggregateExists: ProblemText(
        409, "Sudah ada", "Already exists", "{id} sudah ada.", "{id} already exists."
    ),
    errors.CameTooLate: ProblemText(
        409, "Terlambat", "Too late", "Waktunya sudah lewat.", "The time for it is over."
    ),
    errors.VersionConflict: ProblemText(
        412,
        "Data sudah berubah",
        "Changed meanwhile",
        "Data sudah diubah sejak Anda membacanya (versi {expected}). Baca lagi, lalu ulangi.",
        "The data changed since you read it (version {expected}). Read it again, then retry.",
    ),
    errors.TooManyConflicts: ProblemText(
        409,
        "Terlalu banyak perubahan bersamaan",
        "Too many changes at once",
        "Data ini sedang diubah banyak pihak; tidak ada yang disimpan. Coba lagi.",
        "Many are changing this at once; nothing was written. Try again.",
    ),
    errors.DuplicateValue: ProblemText(
        409,
        "Nilai sudah dipakai",
        "Value already taken",
        "Nilai ini harus unik dan sudah dipakai data lain.",
        "This value must be unique and is taken by another.",
    ),
    errors.IdempotencyKeyReused: ProblemText(
        422,
        "Idempotency-Key sudah dipakai",
        "Idempotency-Key reused",
        "Idempotency-Key ini sudah dipakai untuk isi yang lain. Pakai kunci baru.",
        "This Idempotency-Key was used with another payload. Use a new one.",
    ),
    errors.EventTooLarge: ProblemText(
        413,
        "Data terlalu besar",
        "Data too large",
        "Perubahan ini menghasilkan {size} bita, melebihi {limit} bita.",
        "The change comes to {size} bytes, over the limit of {limit} bytes.",
    ),
    errors.UnencodableDocument: ProblemText(
        422,
        "Nilai tidak dapat disimpan",
        "Value can't be stored",
        "Ada nilai yang tidak dapat disimpan.",
        "A value can't be stored.",
    ),
    errors.StorageNotPrepared: ProblemText(
        503,
        "Layanan belum siap",
        "Service not ready",
        "Penyimpanan layanan ini belum disiapkan.",
        "The service's storage has not been prepared.",
    ),
    errors.StorageUnavailable: ProblemText(
        503,
        "Penyimpanan tidak terjangkau",
        "Storage unavailable",
        "Penyimpanan sedang tidak terjangkau. Ulangi dengan Idempotency-Key yang sama.",
        "Storage can't be reached at the moment. Repeat with the same Idempotency-Key.",
    ),
    errors.StorageError: ProblemText(
        503,
        "Penyimpanan bermasalah",
        "Storage trouble",
        "Permintaan tidak dapat disimpan.",
        "The request could not be stored.",
    ),
}
