"""Setting up a one-node replica set, and removing test databases: for local stacks only.

The storage driver speaks for the services; this file speaks to a server that isn't ready yet.
"""

import asyncio
import time
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure, PyMongoError

from kentongan.local.failures import CannotRunHere

REPLICA_SET = "kentongan"
_NOT_YET_INITIALIZED = 94


class NoPrimaryInTime(CannotRunHere):
    """The replica set has no primary before the deadline."""


async def initiate_replica_set(uri: str, member: str, *, seconds: float = 60.0) -> None:
    """Make the server at `uri` the primary of a one-node set as `member` (host:port), and wait.

    Safe to repeat: a set that exists keeps its data, and is told a changed address; where someone
    mute sits at the old one, the server asks there for 30 s first. `uri` must be a direct one.
    """
    deadline = time.monotonic() + seconds
    async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=500) as client:
        failure = "it never answered"
        while time.monotonic() < deadline:
            try:
                await _configure(client, member)
                if (await client.admin.command("hello")).get("isWritablePrimary"):
                    return
                failure = "no primary yet"
            except PyMongoError as error:
                failure = str(error)
            await asyncio.sleep(0.02)
    raise NoPrimaryInTime(f"no primary at {member} within {seconds:g} s: {failure}")


async def _configure(client: AsyncMongoClient[dict[str, Any]], member: str) -> None:
    members = [{"_id": 0, "host": member}]
    try:
        config = (await client.admin.command("replSetGetConfig"))["config"]
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIALIZED:
            raise
        await client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        return
    if [known["host"] for known in config["members"]] != [member]:
        moved = {**config, "members": members, "version": config["version"] + 1}
        await client.admin.command("replSetReconfig", moved, force=True)


async def drop_databases(uri: str, *, prefix: str) -> list[str]:
    """Remove every database whose name starts with `prefix`; returns their names."""
    if not prefix:
        raise ValueError("an empty prefix would remove every database")
    async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=5000) as client:
        names = [name for name in await client.list_database_names() if name.startswith(prefix)]
        for name in names:
            await client.drop_database(name)
    return names
