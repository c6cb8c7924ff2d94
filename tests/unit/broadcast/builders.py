"""Contents and groups as decisions meet them."""

from datetime import UTC, date, datetime
from typing import Any

from kentongan.domain.kims import Kim
from services.broadcast.domain.audiences import Audience
from services.broadcast.domain.contents import Author, Content, ContentKind, ContentStatus
from services.broadcast.domain.drafting import Draft
from services.broadcast.domain.editions import Writing
from services.broadcast.domain.publishing import publish_by_city

NOW = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
WRITING = Writing(title="Jadwal imunisasi", summary="Gratis.", body="Sabtu **pukul** 08.00.")


def kim(**changed: Any) -> Kim:
    """A registered group of Karawaci."""
    facts: dict[str, Any] = {
        "kim_id": "kim-1",
        "name": "KIM Gerendeng",
        "status": "registered",
        "region_code": "36.71.07.1013",
        "region_name": "Gerendeng",
        "level": "kelurahan",
        "district_code": "36.71.07",
        "district_name": "Karawaci",
        "city_code": "36.71",
        "potentials": ("kuliner", "umkm"),
        "nik_komunitas": "36.71-0001",
        "valid_until": date(2029, 1, 11),
    }
    return Kim(**facts | changed)


def draft(kind: ContentKind = ContentKind.ACTIVITY, audience: Audience | None = None) -> Draft:
    """What an author hands in."""
    return Draft(kind=kind, writing=WRITING, audience=audience)


def content(status: ContentStatus = ContentStatus.DRAFT, **changed: Any) -> Content:
    """The city's content, not yet public."""
    facts: dict[str, Any] = {
        "content_id": "c-1",
        "kind": ContentKind.INFORMATION,
        "author": Author.CITY,
        "kim_id": None,
        "region_code": "36.71",
        "status": status,
        "writing": WRITING,
        "audience": Audience(regions=("36.71",)),
        "updated_at": NOW,
    }
    return Content(**facts | changed)


def of_kim(status: ContentStatus = ContentStatus.DRAFT, **changed: Any) -> Content:
    """A group's content, not yet public."""
    facts: dict[str, Any] = {
        "kind": ContentKind.ACTIVITY,
        "author": Author.KIM,
        "kim_id": "kim-1",
        "region_code": "36.71.07.1013",
        "audience": Audience(regions=("36.71.07.1013",)),
    }
    return content(status, **facts | changed)


def published(now: datetime = NOW) -> Content:
    """The city's content in its first edition."""
    return publish_by_city(content(ContentStatus.IN_REVIEW), None, now).state
