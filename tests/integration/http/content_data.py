"""Contents in every status, a webhook and its deliveries, made over HTTP."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kentongan.domain.clock import utc_now
from kentongan.testing.running_services import RunningServices
from tests.integration.http.group_data import REASON, open_desk, village_codes
from tests.integration.registry.desk import Desk
from tests.support.desk import token
from tests.support.waiting import until_shown

GROUPS = 3
NOBODY_LISTENS = "http://127.0.0.1:9/webhook"
WRITING = {
    "title": "Jadwal imunisasi",
    "summary": "Imunisasi gratis di semua posyandu.",
    "body": "Imunisasi **gratis**, Sabtu pukul 08.00.",
    "links": [{"title": "Jadwal", "url": "https://tangerangkota.example.id/imunisasi"}],
    "tags": ["kesehatan"],
}
CONTENT = {"kind": "information", **WRITING}
ACTIVITY = {"kind": "activity", **WRITING}
SETTINGS = {
    "KENTONGAN_BROADCAST_PRIVATE_TARGETS": "true",
    "KENTONGAN_BROADCAST_ATTEMPTS": "1",
    "KENTONGAN_BROADCAST_FAILURES_IN_A_ROW": "1000",
}


@dataclass
class StoredContents:
    """Ids of what broadcast holds: contents by status, `group` for those that a group wrote."""

    kim_ids: list[str] = field(default_factory=list)
    suspended: str = ""
    contents: dict[str, list[str]] = field(default_factory=dict)
    edited_etag: str = ""
    channels: list[str] = field(default_factory=list)
    deliveries: list[str] = field(default_factory=list)
    """Given up: nobody listens there. Their channel is `kept_channel`."""
    kept_channel: str = ""
    """Named to nobody who might remove it."""

    @property
    def group(self) -> str:
        """The group that writes, and owns the channels."""
        return self.kim_ids[0]

    def headers(self, *roles: str, **claims: str) -> dict[str, str]:
        """A token with these roles, of the group that writes."""
        return token(*roles, **{"kim_id": self.group, **claims})


async def store_contents(
    services: RunningServices, registry: str, broadcast: str
) -> StoredContents:
    """Register groups, wait until broadcast knows them, and write in every status."""
    stored = StoredContents()
    async with (
        open_desk(registry, token("diskominfo")) as registering,
        open_desk(broadcast, token("diskominfo")) as office,
    ):
        for code in (await village_codes())[:GROUPS]:
            stored.kim_ids.append(await registering.registered(code))
        stored.suspended = stored.kim_ids[-1]
        await _post(registering, f"/kims/{stored.suspended}/suspension", REASON)
        for kim_id in stored.kim_ids:
            expected = "suspended" if kim_id == stored.suspended else "registered"
            await until_shown(
                office, f"/kims/{kim_id}", lambda kim, at=expected: kim["status"] == at
            )
        group = office.of(stored.headers("kim"))
        await _write(office, group, stored)
        await _register_channels(group, stored)
        courier = services.process("broadcast", roles=["courier"], settings=SETTINGS)
        await services.start(courier)
        await _deliver(office, stored)
        await courier.stop(seconds=40)
    return stored


async def _write(office: Desk, group: Desk, stored: StoredContents) -> None:
    tomorrow = {"at": (utc_now() + timedelta(days=1)).isoformat()}
    steps: dict[str, list[tuple[str, Any]]] = {
        "draft": [],
        "in-review": [("review", None)],
        "scheduled": [("review", None), ("publication", tomorrow)],
        "published": [("review", None), ("publication", {})],
        "retracted": [("review", None), ("publication", {}), ("retraction", REASON)],
    }
    for status, path in steps.items():
        stored.contents[status] = [await _written(office, CONTENT, path) for _ in range(3)]
    stored.contents["group draft"] = [await _written(group, ACTIVITY, []) for _ in range(2)]
    own = [("publication", {})]
    stored.contents["group published"] = [await _written(group, ACTIVITY, own)]
    edited = await office.put(f"/contents/{stored.contents['draft'][0]}", CONTENT, 1)
    stored.edited_etag = edited.headers["etag"]


async def _written(desk: Desk, body: dict[str, Any], steps: list[tuple[str, Any]]) -> str:
    content_id = str((await _post(desk, "/contents", body))["id"])
    for step, given in steps:
        await _post(desk, f"/contents/{content_id}/{step}", given)
    return content_id


async def _register_channels(group: Desk, stored: StoredContents) -> None:
    for number in range(4):
        body = {"name": f"Webhook {number}", "url": NOBODY_LISTENS}
        stored.channels.append((await _post(group, "/channels", body))["id"])
    stored.kept_channel = stored.channels.pop()


async def _deliver(office: Desk, stored: StoredContents) -> None:
    """Have the published contents delivered, in vain as for the webhooks."""
    for content_id in stored.contents["published"]:
        path = f"/contents/{content_id}/deliveries"
        shown = await until_shown(
            office, f"{path}?status=failed&limit=200", lambda page: len(page["items"]) >= 4
        )
        ids = [each["id"] for each in shown["items"]]
        stored.deliveries += [each for each in ids if each.endswith(stored.kept_channel)]


async def _post(desk: Desk, path: str, body: Any) -> dict[str, Any]:
    answer = await desk.post(path, body)
    assert answer.status_code in {200, 201, 202}, f"{path}: {answer.text}"
    return dict(answer.json())
