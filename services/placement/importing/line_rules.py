"""The rules that a line can break, worded in both languages."""

from services.placement.domain.imports import RejectedLine

LINE_RULES: dict[str, tuple[str, str]] = {
    "too-many-columns": (
        "Baris ini memiliki lebih banyak kolom daripada judulnya; periksa tanda pemisah.",
        "The line has more columns than the header; check the separators.",
    ),
    "field-missing": ("Kolom {field} wajib diisi.", "Column {field} is required."),
    "field-too-long": (
        "Kolom {field} melebihi {limit} karakter.",
        "Column {field} exceeds {limit} characters.",
    ),
    "field-unreadable": (
        "Kolom {field} memuat karakter yang tidak terbaca.",
        "Column {field} holds unreadable characters.",
    ),
    "university-unknown": (
        "Universitas ini belum terdaftar; periksa ejaannya.",
        "This university isn't known; check its spelling.",
    ),
    "university-not-yours": (
        "Anda hanya dapat mendaftarkan mahasiswa universitas Anda sendiri.",
        "You can enrol students of your own university only.",
    ),
    "university-without-quota": (
        "Universitas ini tidak mengikuti angkatan ini.",
        "This university takes no part in this cohort.",
    ),
    "quota-exceeded": (
        "Kuota universitas ({students} mahasiswa) sudah penuh.",
        "The university's quota ({students} students) is used up.",
    ),
    "student-withdrawn": (
        "Mahasiswa ini sudah mundur dari angkatan ini; ia dapat diterima kembali.",
        "This student withdrew from the cohort, and can be readmitted.",
    ),
    "too-many-conflicts": (
        "Terlalu banyak pendaftaran bersamaan; baris ini belum disimpan. Kirim lagi.",
        "Too many enrol at once; this line was not taken. Send it again.",
    ),
    "student-number-invalid": (
        "Nomor mahasiswa harus 4 sampai 20 huruf atau angka, tanpa tanda lain selain . - /",
        "A student number has 4 to 20 letters or digits and no other sign than . - /",
    ),
    "student-number-rounded": (
        "Nomor mahasiswa dibulatkan oleh Excel; ubah format kolom menjadi Teks dan ketik ulang.",
        "Excel rounded the student number; format the column as Text and type it again.",
    ),
    "duplicate-line": (
        "Mahasiswa ini sudah ada di baris {first}.",
        "This student is already on line {first}.",
    ),
}


def worded(line: RejectedLine) -> dict[str, str | int | None]:
    """A rejected line as people read it, without its contents."""
    indonesian, english = LINE_RULES[line.rule]
    facts = {"field": line.field or "", **line.facts}
    return {
        "line": line.line,
        "rule": line.rule,
        "field": line.field,
        "detail": indonesian.format(**facts),
        "detail_en": english.format(**facts),
    }
