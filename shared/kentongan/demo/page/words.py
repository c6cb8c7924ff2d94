"""Words and figures that the page and the terminal share."""

from kentongan.demo.consistency.findings import FindingKind
from kentongan.demo.summary import Text

MONTHS = tuple(
    Text(*pair)
    for pair in (
        *(("Januari", "January"), ("Februari", "February"), ("Maret", "March"), ("April", "April")),
        *(("Mei", "May"), ("Juni", "June"), ("Juli", "July"), ("Agustus", "August")),
        *(("September", "September"), ("Oktober", "October"), ("November", "November")),
        ("Desember", "December"),
    )
)
CATEGORIES = {
    "publikasi": Text("publikasi", "publication"),
    "pelatihan": Text("pelatihan", "training"),
    "pendampingan-umkm": Text("pendampingan UMKM", "help for small businesses"),
    "dokumentasi": Text("dokumentasi", "documentation"),
    "sosialisasi": Text("sosialisasi", "outreach"),
    "lainnya": Text("lainnya", "other"),
}
FINDINGS = {
    FindingKind.LOST: Text("hilang", "lost"),
    FindingKind.DOUBLED: Text("ganda", "doubled"),
    FindingKind.DISORDERED: Text("urutan salah", "out of order"),
    FindingKind.DIVERGED: Text("isi berbeda", "contents differ"),
    FindingKind.UNEXPLAINED: Text("tanpa asal", "from nowhere"),
    FindingKind.BROKEN: Text("tak terbaca", "unreadable"),
}
RECOUNTS = {
    "votes": Text("suara dihitung ulang", "votes counted again"),
    "scores": Text("nilai dihitung ulang", "scores counted again"),
    "awards": Text("penghargaan dicocokkan", "awards matched"),
    "reach": Text("jangkauan dicocokkan", "reaches matched"),
    "notices": Text("pemberitahuan dicocokkan", "notices matched"),
    "webhooks": Text("kiriman webhook dicocokkan", "webhooks matched"),
}
CONTENT_KINDS = {
    "information": Text("informasi", "information"),
    "clarification": Text("klarifikasi", "clarification"),
    "potential": Text("potensi", "potential"),
    "achievement": Text("prestasi", "achievement"),
    "activity": Text("kegiatan", "activity"),
}
TALLY_STATUS = {
    "provisional": Text("sementara", "provisional"),
    "final": Text("final", "final"),
}


def decimal(value: float, digits: int = 0) -> str:
    """A figure as Indonesians write it: 1.234,5."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))
