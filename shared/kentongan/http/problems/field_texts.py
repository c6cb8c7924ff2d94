"""Sentences for broken fields, Indonesian and English, by rule (pydantic's types, with dashes)."""

from collections.abc import Mapping, Sequence
from typing import Any

from kentongan.http.problems.document import FieldProblem

_WHOLE_BODY = ("isi permintaan", "the body")

TEXTS: Mapping[str, tuple[str, str]] = {
    # presence
    "missing": ("wajib diisi", "is required"),
    "extra-forbidden": ("tidak dikenal", "is not a known field"),
    "repeated-key": ("tertulis lebih dari sekali", "is given more than once"),
    "none-required": ("harus kosong (null)", "must be null"),
    # text
    "string-type": ("harus berupa teks", "must be text"),
    "string-too-short": (
        "terlalu pendek: paling sedikit {min_length} karakter",
        "is too short: at least {min_length} characters",
    ),
    "string-too-long": (
        "terlalu panjang: paling banyak {max_length} karakter",
        "is too long: at most {max_length} characters",
    ),
    "string-pattern-mismatch": ("harus berpola {pattern}", "must match the pattern {pattern}"),
    "string-unicode": ("harus berupa teks Unicode", "must be Unicode text"),
    "nul-character": ("memuat karakter NUL", "holds a NUL character"),
    "lone-surrogate": ("memuat karakter di luar Unicode", "holds a character outside Unicode"),
    # numbers
    "int-type": ("harus berupa bilangan bulat", "must be an integer"),
    "int-parsing": ("harus berupa bilangan bulat", "must be an integer"),
    "int-from-float": ("harus berupa bilangan bulat", "must be an integer"),
    "int-parsing-size": ("adalah bilangan yang terlalu besar", "is too large a number"),
    "integer-out-of-range": (
        "di luar jangkauan bilangan 64 bit",
        "is outside the range of 64-bit integers",
    ),
    "float-type": ("harus berupa bilangan", "must be a number"),
    "float-parsing": ("harus berupa bilangan", "must be a number"),
    "decimal-type": ("harus berupa bilangan", "must be a number"),
    "decimal-parsing": ("harus berupa bilangan", "must be a number"),
    "finite-number": ("harus bilangan berhingga", "must be a finite number"),
    "greater-than": ("harus lebih dari {gt}", "must be greater than {gt}"),
    "greater-than-equal": ("paling sedikit {ge}", "must be at least {ge}"),
    "less-than": ("harus kurang dari {lt}", "must be less than {lt}"),
    "less-than-equal": ("paling banyak {le}", "must be at most {le}"),
    "multiple-of": ("harus kelipatan {multiple_of}", "must be a multiple of {multiple_of}"),
    "bool-type": ("harus true atau false", "must be true or false"),
    "bool-parsing": ("harus true atau false", "must be true or false"),
    # collections
    "list-type": ("harus berupa daftar", "must be a list"),
    "tuple-type": ("harus berupa daftar", "must be a list"),
    "set-type": ("harus berupa daftar", "must be a list"),
    "frozen-set-type": ("harus berupa daftar", "must be a list"),
    "too-short": (
        "harus berisi paling sedikit {min_length} butir",
        "must have at least {min_length} items",
    ),
    "too-long": (
        "boleh berisi paling banyak {max_length} butir",
        "must have at most {max_length} items",
    ),
    "dict-type": ("harus berupa objek", "must be an object"),
    "model-type": ("harus berupa objek", "must be an object"),
    "model-attributes-type": ("harus berupa objek", "must be an object"),
    "too-deep": ("bertingkat terlalu dalam", "is nested too deeply"),
    # choices
    "enum": ("harus salah satu dari {expected}", "must be one of {expected}"),
    "literal-error": ("harus salah satu dari {expected}", "must be one of {expected}"),
    "union-tag-invalid": (
        "harus salah satu dari {expected_tags}",
        "must be one of {expected_tags}",
    ),
    "union-tag-not-found": ("belum menyebut jenisnya", "doesn't say which kind it is"),
    # dates and times
    "date-type": ("harus tanggal (TTTT-BB-HH)", "must be a date (YYYY-MM-DD)"),
    "date-parsing": ("harus tanggal (TTTT-BB-HH)", "must be a date (YYYY-MM-DD)"),
    "date-from-datetime-parsing": (
        "harus tanggal (TTTT-BB-HH)",
        "must be a date (YYYY-MM-DD)",
    ),
    "date-from-datetime-inexact": (
        "harus tanggal tanpa waktu (TTTT-BB-HH)",
        "must be a date without a time (YYYY-MM-DD)",
    ),
    "date-past": ("harus tanggal yang sudah lewat", "must be a date in the past"),
    "date-future": ("harus tanggal yang akan datang", "must be a date in the future"),
    "datetime-type": (
        "harus waktu ISO 8601 (2026-01-31T08:00:00+07:00)",
        "must be an ISO 8601 time (2026-01-31T08:00:00+07:00)",
    ),
    "datetime-parsing": (
        "harus waktu ISO 8601 (2026-01-31T08:00:00+07:00)",
        "must be an ISO 8601 time (2026-01-31T08:00:00+07:00)",
    ),
    "datetime-from-date-parsing": (
        "harus waktu ISO 8601 (2026-01-31T08:00:00+07:00)",
        "must be an ISO 8601 time (2026-01-31T08:00:00+07:00)",
    ),
    "timezone-aware": ("harus menyebut zona waktu", "must name its time zone"),
    "time-type": ("harus jam (JJ:MM)", "must be a time of day (HH:MM)"),
    "time-parsing": ("harus jam (JJ:MM)", "must be a time of day (HH:MM)"),
    # addresses and ids
    "url-type": ("harus berupa alamat web", "must be a web address"),
    "url-parsing": ("harus berupa alamat web", "must be a web address"),
    "url-syntax-violation": ("harus berupa alamat web", "must be a web address"),
    "url-scheme": (
        "harus diawali salah satu dari {expected_schemes}",
        "must begin with one of {expected_schemes}",
    ),
    "url-too-long": (
        "terlalu panjang: paling banyak {max_length} karakter",
        "is too long: at most {max_length} characters",
    ),
    "uuid-type": ("harus berupa UUID", "must be a UUID"),
    "uuid-parsing": ("harus berupa UUID", "must be a UUID"),
}


def field_problem(
    rule: str,
    place: Sequence[str | int],
    *,
    where: str = "body",
    context: Mapping[str, Any] | None = None,
    message: str | None = None,
) -> FieldProblem:
    """Name the field and its rule in both languages.

    `where` is body, query, path, header or cookie; `message` words an English sentence for a rule
    that the table doesn't know. The value itself is never repeated: it may be about a person.
    """
    dotted = ".".join(map(str, place))
    named, named_en = (f'"{dotted}"', f'"{dotted}"') if dotted else _WHOLE_BODY
    text, text_en = TEXTS.get(
        rule,
        (f"tidak memenuhi aturan {_plain(rule)}", _plain(message or f"breaks the rule {rule}")),
    )
    facts = context or {}
    try:
        text, text_en = text.format_map(facts), text_en.format_map(facts)
    except (KeyError, IndexError):
        text, text_en = "tidak sesuai aturan", "breaks its rule"
    pointer = "".join(f"/{_escaped(part)}" for part in place)
    return FieldProblem(
        pointer=f"#{pointer}" if where == "body" else None,
        parameter=dotted if where in {"query", "path"} else None,
        header=dotted if where in {"header", "cookie"} else None,
        rule=rule,
        detail=f"Isian {named} {text}." if dotted else f"Isi permintaan {text}.",
        detail_en=f"{named_en} {text_en}." if dotted else f"The body {text_en}.",
    )


def _plain(text: str) -> str:
    """Braces are no placeholders in text that isn't ours."""
    return text.replace("{", "{{").replace("}", "}}")


def _escaped(part: str | int) -> str:
    """One token of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")
