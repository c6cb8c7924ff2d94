"""A person at broadcast's HTTP interface, and contents as an office or a group writes them."""

from typing import Any

from kentongan.contracts.registry import EXAMPLE, KimRegistered, KimState
from tests.support import desk

POTENTIALS = (["kuliner"], ["umkm"], ["wisata", "kuliner"], ["proklim"])
WRITING = {
    "title": "Jadwal imunisasi",
    "summary": "Imunisasi gratis di semua posyandu.",
    "body": "Imunisasi **gratis**, Sabtu pukul 08.00.",
    "links": [{"title": "Jadwal", "url": "https://tangerangkota.example.id/imunisasi"}],
    "tags": ["kesehatan"],
}


def kim_event(number: int, status: str = "registered", **changed: object) -> KimState:
    """A state event of the registry about a group; two hundred make a district (36.71.01 on)."""
    district = f"36.71.{1 + number // 200:02}"
    village = {
        **EXAMPLE["region"],
        "code": f"{district}.{1000 + number}",
        "name": f"Desa {number}",
        "district_code": district,
        "district_name": f"Kecamatan {district}",
    }
    facts = {
        **EXAMPLE,
        "kim_id": f"kim-{number:03}",
        "name": f"KIM Desa {number}",
        "region": village,
        "potentials": POTENTIALS[number % len(POTENTIALS)],
        "status": status,
    }
    return KimRegistered.model_validate(facts | changed)


class Desk(desk.Desk):
    """The service as one caller uses it; each method is one request, or a stated series."""

    async def draft(self, kind: str = "information", **changed: Any) -> str:
        """A draft; its id."""
        drafted = await self.post("/contents", {"kind": kind, **WRITING, **changed})
        assert drafted.status_code == 201, drafted.text
        return str(drafted.json()["id"])

    async def in_review(self, kind: str = "information", **changed: Any) -> str:
        """A content submitted for review; its id."""
        content_id = await self.draft(kind, **changed)
        submitted = await self.post(f"/contents/{content_id}/review")
        assert submitted.status_code == 200, submitted.text
        return content_id

    async def published(self, kind: str = "information", **changed: Any) -> str:
        """A city's content, drafted, reviewed and published; its id."""
        content_id = await self.in_review(kind, **changed)
        await self.publish(content_id)
        return content_id

    async def publish(self, content_id: str, **body: Any) -> dict[str, Any]:
        """Publish, or schedule with `at`."""
        answered = await self.post(f"/contents/{content_id}/publication", body)
        assert answered.status_code == 200, answered.text
        return dict(answered.json())

    async def correct(self, content_id: str, **changed: Any) -> dict[str, Any]:
        """A new edition."""
        body = {**WRITING, "reason": "Jamnya keliru.", **changed}
        answered = await self.post(f"/contents/{content_id}/correction", body)
        assert answered.status_code == 200, answered.text
        return dict(answered.json())

    async def retract(self, content_id: str, reason: str = "Batal.") -> dict[str, Any]:
        """Take it back."""
        answered = await self.post(f"/contents/{content_id}/retraction", {"reason": reason})
        assert answered.status_code == 200, answered.text
        return dict(answered.json())

    async def content(self, content_id: str) -> dict[str, Any]:
        """What the content's address shows."""
        shown = await self.get(f"/contents/{content_id}")
        assert shown.status_code == 200, shown.text
        return dict(shown.json())

    async def listed(self, **filters: Any) -> list[str]:
        """The ids of a list's first page."""
        listed = await self.get("/contents", **filters)
        assert listed.status_code == 200, listed.text
        return [str(item["id"]) for item in listed.json()["items"]]
