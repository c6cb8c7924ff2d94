"""Groups in each standing, built by the decisions themselves, so that none is impossible."""

from datetime import UTC, date, datetime
from typing import Any

from services.registry.domain.decree import set_decree
from services.registry.domain.kim import BoardRole, Decree, Kim, Office
from services.registry.domain.members import Declaration, MemberEntry, set_members
from services.registry.domain.proposing import propose
from services.registry.domain.regions import Level, Region
from services.registry.domain.rules import Rules
from services.registry.domain.standing import register, submit

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
RULES = Rules()
GERENDENG = Region(
    code="36.71.07.1013",
    name="Gerendeng",
    level=Level.KELURAHAN,
    district_code="36.71.07",
    district_name="Karawaci",
    city_code="36.71",
    aliases=("Grendeng",),
)
KARAWACI = Region(
    code="36.71.07",
    name="Karawaci",
    level=Level.KECAMATAN,
    district_code="36.71.07",
    district_name="Karawaci",
    city_code="36.71",
)
DECLARED = Declaration(date(2026, 1, 5), not_civil_servant=True, not_affiliated=True)


def entry(role: BoardRole, name: str, **changes: Any) -> MemberEntry:
    declaration = None if role is BoardRole.ANGGOTA else DECLARED
    fields: dict[str, Any] = {
        "name": name,
        "birth_date": date(1990, 5, 17),
        "role": role,
        "declaration": declaration,
    }
    return MemberEntry(**(fields | changes))


def board(members: int = 5) -> list[MemberEntry]:
    roles = [BoardRole.KETUA, BoardRole.SEKRETARIS, BoardRole.BENDAHARA]
    roles += [BoardRole.ANGGOTA] * members
    return [entry(role, f"Warga {place}") for place, role in enumerate(roles[:members])]


def decree(**changes: Any) -> Decree:
    fields: dict[str, Any] = {
        "number": "148/01/SK/2026",
        "dated": date(2026, 1, 12),
        "office": Office.LURAH,
        "region_code": GERENDENG.code,
        "valid_from": date(2026, 1, 12),
        "valid_until": date(2029, 1, 11),
    }
    return Decree(**(fields | changes))


def proposed(region: Region = GERENDENG, kim_id: str = "kim-1") -> Kim:
    return propose(
        kim_id,
        name=f"KIM {region.name}",
        level=region.level,
        region_code=region.code,
        region=region,
        potentials=["umkm", "kuliner"],
        links=[],
        rules=RULES,
        now=NOW,
    ).state


def with_members(kim: Kim, entries: list[MemberEntry] | None = None, rules: Rules = RULES) -> Kim:
    return set_members(kim, board() if entries is None else entries, rules=rules, now=NOW).state


def complete() -> Kim:
    return set_decree(with_members(proposed()), decree(), rules=RULES, now=NOW).state


def submitted() -> Kim:
    return submit(complete(), rules=RULES, now=NOW).state


def registered(number: int = 1) -> Kim:
    return register(submitted(), number=number, rules=RULES, now=NOW).state
