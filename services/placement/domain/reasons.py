"""Why a plan places a student where it does: codes with facts, worded in both languages."""

from enum import StrEnum

from pydantic import Field

from kentongan.domain.state import State
from services.placement.domain.kims import FLAG_MEANINGS


class ReasonCode(StrEnum):
    """Every reason that a line of a plan can give."""

    PINNED = "pinned"
    STAYS = "stays"
    STAYS_FLAG_CLEARED = "stays-flag-cleared"
    KIM_NOT_REGISTERED = "kim-not-registered"
    NO_ROOM_TO_STAY = "no-room-to-stay"
    FIRST_STUDENT = "first-student"
    FITS_POTENTIAL = "fits-potential"
    ONLY_OF_UNIVERSITY = "only-of-university"
    FEW_STUDENTS = "few-students"
    DECREE_ENDS_IN_PERIOD = "decree-ends-in-period"
    NO_CAPACITY = "no-capacity"
    NOT_BRIEFED = "not-briefed"
    ACTIVE_ELSEWHERE = "active-elsewhere"


class Reason(State):
    """A reason and the facts that fill its sentence. Facts hold no personal data."""

    code: ReasonCode
    facts: dict[str, str] = Field(default_factory=dict)


SENTENCES: dict[ReasonCode, tuple[str, str]] = {
    ReasonCode.PINNED: ("Ditetapkan oleh petugas.", "Pinned by the office."),
    ReasonCode.STAYS: (
        "Tetap di KIM yang sekarang.",
        "Stays with the present group.",
    ),
    ReasonCode.STAYS_FLAG_CLEARED: (
        "Tetap di KIM yang sekarang, yang kembali terdaftar.",
        "Stays with the present group, which is registered again.",
    ),
    ReasonCode.KIM_NOT_REGISTERED: (
        "KIM sebelumnya tidak lagi dapat menerima mahasiswa: {flag}.",
        "The previous group can no longer have students: {flag}.",
    ),
    ReasonCode.NO_ROOM_TO_STAY: (
        "KIM sebelumnya penuh oleh mahasiswa yang ditetapkan.",
        "The previous group is full with pinned students.",
    ),
    ReasonCode.FIRST_STUDENT: (
        "Mahasiswa pertama di KIM ini.",
        "The first student of this group.",
    ),
    ReasonCode.FITS_POTENTIAL: (
        "Program studi sesuai dengan potensi {potentials}.",
        "The study programme fits the potential {potentials}.",
    ),
    ReasonCode.ONLY_OF_UNIVERSITY: (
        "Satu-satunya mahasiswa universitasnya di KIM ini.",
        "The only student of the university in this group.",
    ),
    ReasonCode.FEW_STUDENTS: (
        "Menjaga pemerataan: {students} mahasiswa di KIM ini.",
        "Keeps the balance: {students} students in this group.",
    ),
    ReasonCode.DECREE_ENDS_IN_PERIOD: (
        "Perhatian: SK KIM berakhir {valid_until}, sebelum masa penempatan selesai.",
        "Note: the group's decree ends on {valid_until}, before the placement does.",
    ),
    ReasonCode.NO_CAPACITY: (
        "Tidak ada tempat kosong di KIM yang terdaftar.",
        "No registered group has a free place.",
    ),
    ReasonCode.NOT_BRIEFED: (
        "Belum mengikuti pembekalan.",
        "Has not attended the briefing.",
    ),
    ReasonCode.ACTIVE_ELSEWHERE: (
        "Masih memiliki penempatan aktif di angkatan lain.",
        "Has an active assignment in another cohort.",
    ),
}


def worded(reason: Reason) -> dict[str, str]:
    """A reason as people read it: code, Indonesian text, English text."""
    flag = reason.facts.get("flag", "")
    texts = [
        sentence.format(**{**reason.facts, "flag": meaning})
        for sentence, meaning in zip(
            SENTENCES[reason.code], FLAG_MEANINGS.get(flag, (flag, flag)), strict=True
        )
    ]
    return {"code": reason.code.value, "text": texts[0], "text_en": texts[1]}
