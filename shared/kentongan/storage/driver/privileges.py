"""What the server says that we may do in a database: asked, never tried."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from kentongan.storage.driver.connection import Database
from kentongan.storage.driver.failures import Translating

NEEDED_ACTIONS = frozenset(
    {
        "find",
        "insert",
        "update",
        "remove",
        "createCollection",
        "createIndex",
        "dropCollection",
        "dropIndex",
        "renameCollectionSameDB",
        "listCollections",
        "listIndexes",
        "changeStream",
    }
)
"""What the kit does in a service's database; `readWrite` grants all of it."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Who the server takes us for, and which needed actions it would refuse."""

    users: tuple[str, ...]
    missing: frozenset[str]
    elsewhere: tuple[str, ...]
    """Other databases that we may write to; `*` for all."""


async def granted(database: Database) -> Granted:
    """Look at our own privileges. Raises StorageUnavailable."""
    with Translating():
        said: dict[str, Any] = await database.command(
            {"connectionStatus": 1, "showPrivileges": True}
        )
    status = said["authInfo"]
    users = tuple(one["user"] for one in status["authenticatedUsers"])
    # The driver doesn't hand over what isn't there: nobody logged in, so nobody is held back.
    privileges = status.get("authenticatedUserPrivileges", [])
    if not users:
        return Granted((), frozenset(), ())
    return judge_privileges(users, privileges, database.name)


def judge_privileges(
    users: tuple[str, ...], privileges: Iterable[dict[str, Any]], database: str
) -> Granted:
    """What of the needed is granted on all collections of the database, and what beside it."""
    here: set[str] = set()
    elsewhere: set[str] = set()
    for privilege in privileges:
        resource, actions = privilege["resource"], privilege["actions"]
        whole = resource.get("collection") == ""
        everywhere = resource.get("anyResource", False) or (resource.get("db") == "" and whole)
        if everywhere or (resource.get("db") == database and whole):
            here.update(actions)
        other = resource.get("db", database)
        if "insert" in actions and (everywhere or other != database):
            elsewhere.add("*" if everywhere else other)
    return Granted(users, NEEDED_ACTIONS - here, tuple(sorted(elsewhere - {"admin", "config"})))
