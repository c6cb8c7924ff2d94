"""Groups, webhooks and contents of broadcast, by the ten thousand, as the service keeps them."""

from datetime import timedelta
from typing import Any

from kentongan.contracts.broadcast import EXAMPLE as CONTENT
from kentongan.contracts.registry import EXAMPLE as KIM
from kentongan.contracts.registry import KimRegistered
from kentongan.domain import Decision
from kentongan.domain.clock import utc_now
from kentongan.kims.directory import kim_entry
from kentongan.process.own_commands import own_command
from kentongan.storage.driver import Database
from services.broadcast.courier.planning import Chunks, Planning
from services.broadcast.delivering.receivers import Receivers
from services.broadcast.domain import contents
from services.broadcast.domain.audiences import Audience
from services.broadcast.domain.channels import Wanted, kim_owner, register_channel
from services.broadcast.domain.editions import Writing
from services.broadcast.read_models import KimDirectory
from services.broadcast.settings import BroadcastSettings
from services.broadcast.stores import Stores
from tests.bench.data import BEGINNING, identity
from tests.bench.filling import fill, stored

KIM_COUNT = 83_762
"""A group in every village of Indonesia."""
WEBHOOKS = 2
"""Of each group, beside its inbox."""
PROVINCE = "36"

SETTINGS = BroadcastSettings(environment="development", broadcast_private_targets=True)


async def seed(database: Database, groups: int, url: str) -> None:
    """A directory of so many groups of one province, each with two active webhooks at `url`."""
    await fill(database, "directory.kims", map(known_kim, range(groups)))
    channels = (channel(number, seat, url) for number in range(groups) for seat in (1, 2))
    await fill(database, "channels", channels)


def known_kim(number: int) -> dict[str, Any]:
    """A group as the directory holds it."""
    return {
        "_id": identity(number),
        "version": 1,
        "type": KimRegistered.contract.type,
        "time": BEGINNING,
        "entry": _KIM_ENTRY
        | {
            "kim_id": identity(number),
            "name": f"KIM {number}",
            "region_code": f"{PROVINCE}.{number % 50 + 1:02}.07.{number % 9_000 + 1_000}",
        },
    }


def channel(number: int, seat: int, url: str) -> dict[str, Any]:
    """A webhook of a group as it is stored once it was registered."""
    channel_id, kim_id = identity(10**6 + number * WEBHOOKS + seat), identity(number)
    own = {
        "channel_id": channel_id,
        "kim_id": kim_id,
        "owner": kim_owner(kim_id),
        "seat": seat,
        "url": url,
    }
    return stored(channel_id, 1, _CHANNEL | own)


async def publish(stores: Stores) -> contents.Content:
    """One more content for all of them, published and not yet planned."""
    new = content(await stores.contents.count({}))
    await stores.contents.create(
        new.content_id,
        Decision(new, "content.publish"),
        own_command("content.publish", "diskominfo-1", new.updated_at),
        lambda written: {"id": written.id},
    )
    return new


def content(number: int) -> contents.Content:
    """A content of ordinary size, published this moment."""
    now = utc_now()
    return contents.Content(
        content_id=identity(10**12 + number),
        kind=contents.ContentKind.INFORMATION,
        author=contents.Author.CITY,
        kim_id=None,
        region_code=PROVINCE,
        status=contents.ContentStatus.PUBLISHED,
        writing=Writing(title=CONTENT["title"], summary=CONTENT["summary"], body=CONTENT["body"]),
        audience=Audience(regions=(PROVINCE,)),
        edition=1,
        published_at=now,
        updated_at=now,
        planning=contents.EditionPlanning(edition=1),
    )


def planning(stores: Stores, database: Database) -> Planning:
    """The courier's planning, as the service sets it up."""
    return Planning(
        stores,
        Receivers(stores, KimDirectory(database)),
        utc_now,
        Chunks(
            groups=SETTINGS.broadcast_planning_groups,
            claimed=timedelta(seconds=SETTINGS.broadcast_claim_seconds),
            promise=timedelta(seconds=SETTINGS.broadcast_promise_seconds),
        ),
        "bench",
        directory_built=_built,
    )


async def _built() -> bool:
    return True


_KIM_ENTRY = kim_entry(KimRegistered.model_validate(KIM))
_CHANNEL = register_channel(
    identity(0),
    Wanted(name="Situs web", url="https://kim.example.id/hook"),
    owner=kim_owner(identity(0)),
    kim_id=identity(0),
    region_code=KIM["region"]["code"],
    seat=1,
    now=BEGINNING,
).state.model_dump()
