"""What the city and the groups have to say: wordings made up for the season."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from kentongan.demo.city.places import Village


@dataclass(frozen=True, slots=True)
class Wording:
    """A content as it is drafted, its audience apart."""

    kind: str
    title: str
    summary: str
    body: str
    tags: tuple[str, ...] = field(default=())

    def payload(self, **more: Any) -> dict[str, Any]:
        """What is sent; `more` adds the audience, or a reason."""
        return {**self.wording(), "kind": self.kind, **more}

    def wording(self) -> dict[str, Any]:
        """The wording alone, as a correction takes it."""
        return {
            "title": self.title,
            "summary": self.summary,
            "body": self.body,
            "links": [],
            "tags": list(self.tags),
        }


MARKET = Wording(
    "activity",
    "Pasar murah di setiap kecamatan",
    "Beras, minyak, dan gula dengan harga distributor.",
    "Bawa **KTP** dan tas belanja.\n\n- Pukul 08.00 sampai habis\n- Satu paket satu keluarga",
    ("pangan",),
)
IMMUNISATION = Wording(
    "information",
    "Jadwal imunisasi di posyandu",
    "Imunisasi gratis pada hari Sabtu.",
    "Imunisasi **gratis** di semua posyandu, Sabtu pukul 08.00 sampai 10.00.",
    ("kesehatan",),
)
IMMUNISATION_CORRECTED = Wording(
    IMMUNISATION.kind,
    IMMUNISATION.title,
    IMMUNISATION.summary,
    "Imunisasi **gratis** di semua posyandu, Sabtu pukul 08.00 sampai **11.00**.",
    IMMUNISATION.tags,
)
CORRECTION_REASON = "Jam tutupnya keliru."
TRAINING = Wording(
    "information",
    "Pelatihan foto produk, potensi {potential}",
    "Dua puluh tempat, tanpa biaya.",
    "Daftar melalui kelurahan. Peserta membawa ponsel dan satu contoh produk.",
    ("pelatihan",),
)
TRAINING_RETURNED = "Sebutkan bahwa pelatihan ini tanpa biaya."
POWER_CUT = Wording(
    "information",
    "Pemadaman listrik bergilir malam ini",
    "Pemadaman pukul 22.00 sampai 24.00.",
    "Jadwal per kelurahan menyusul.",
    ("listrik",),
)
RETRACTION_REASON = "Pemadaman dibatalkan oleh penyedia listrik."
HOAX = Wording(
    "clarification",
    "Klarifikasi: tidak ada pungutan bantuan sosial",
    "Pesan berantai tentang biaya bantuan sosial adalah kabar bohong.",
    "Bantuan sosial **tidak dipungut biaya**. Laporkan pungutan ke kelurahan.",
    ("cek-fakta",),
)
POTENTIAL_TITLES: dict[str, str] = {
    "umkm": "Pelaku UMKM {village} kini berjualan bersama",
    "kuliner": "Sentra kuliner {village} buka sampai malam",
    "wisata": "Susur kampung wisata {village}",
    "kwt": "Kebun kelompok wanita tani {village} panen sayur",
    "proklim": "{village} menuju kampung iklim",
    "ketahanan-pangan": "Lumbung pangan warga {village}",
    "seni-budaya": "Sanggar seni {village} menerima anggota baru",
}
ACHIEVEMENTS = (
    "KIM {village} menjadi rujukan cek fakta tingkat kecamatan",
    "Siniar KIM {village} didengar seribu warga",
    "Peta usaha warga {village} selesai disusun",
)


def of_group(village: Village, potentials: Sequence[str], random: Random) -> list[Wording]:
    """What one group publishes of its own: a potential each, and every fourth an achievement."""
    potential = random.choice(tuple(potentials))
    told = POTENTIAL_TITLES[potential].format(village=village.name)
    wordings = [
        Wording(
            "potential",
            told,
            f"Potensi {potential} di {village.name}, {village.district_name}.",
            f"{told}. Datang dan lihat sendiri di *{village.name}*.",
            (potential,),
        )
    ]
    if random.random() < 0.25:
        told = random.choice(ACHIEVEMENTS).format(village=village.name)
        body = f"{told}. Terima kasih kepada semua anggota."
        wordings.append(Wording("achievement", told, f"{told}.", body, ("prestasi",)))
    return wordings
