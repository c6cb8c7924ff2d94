"""Makes one mongod a replica set, waits until it takes writes, and makes a secured one's users.

Runs in mongod's own network, for a first user may be made from its own host alone. Repeating it
changes nothing but a password whose file has changed.
"""

import os
import sys
import time
from pathlib import Path

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

ALREADY_INITIALISED, AUTHENTICATION_FAILED, USER_EXISTS = 23, 18, 51003
PATIENCE_SECONDS = 60.0
ADMINISTRATOR = "administrator"
AUTHORITY = os.environ.get("AUTHORITY")
"""The authority's file, where MongoDB is secured."""


def connect(user: str | None = None) -> MongoClient:
    """To this mongod alone, as nobody or as a user."""
    options: dict[str, object] = {"directConnection": True}
    if AUTHORITY:
        options |= {"tls": True, "tlsCAFile": AUTHORITY}
    if user:
        options |= {"username": user, "password": password_of(user), "authSource": "admin"}
    return MongoClient("127.0.0.1", 27017, **options)


def password_of(user: str) -> str:
    """As its file says."""
    return Path(f"/run/secrets/password-{user}").read_text(encoding="ascii").strip()


def initiate(client: MongoClient, replica_set: str, member: str) -> None:
    """Found the set with its one member, under the name by which the services call it."""
    configuration = {"_id": replica_set, "members": [{"_id": 0, "host": member}]}
    try:
        client.admin.command("replSetInitiate", configuration)
    except OperationFailure as error:
        if error.code != ALREADY_INITIALISED:
            raise


def wait_until_primary(client: MongoClient) -> None:
    """Return once it takes writes; exit code 1 where that takes longer than is sensible."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if client.admin.command("hello").get("isWritablePrimary"):
            return
        time.sleep(0.2)
    sys.exit("mongod tidak menjadi primer / mongod did not become primary")


def administrator() -> MongoClient | None:
    """The door with the administrator's key, where that was made before."""
    client = connect(ADMINISTRATOR)
    try:
        client.admin.command("ping")
    except OperationFailure as error:
        if error.code != AUTHENTICATION_FAILED:
            raise
        return None
    return client


def put_user(client: MongoClient, user: str, roles: list[dict[str, str]]) -> None:
    """Make a user, or give it its password and rights anew."""
    try:
        client.admin.command("createUser", user, pwd=password_of(user), roles=roles)
    except OperationFailure as error:
        if error.code != USER_EXISTS:
            raise
        client.admin.command("updateUser", user, pwd=password_of(user), roles=roles)


def secure(replica_set: str, member: str, services: list[str]) -> None:
    """The first user by the open door, which that closes; the others by the administrator's key."""
    if administrator() is None:
        nobody = connect()
        initiate(nobody, replica_set, member)
        wait_until_primary(nobody)
        put_user(nobody, ADMINISTRATOR, [{"role": "root", "db": "admin"}])
    client = administrator()
    if client is None:
        sys.exit("secrets/password-administrator: MongoDB menolaknya / MongoDB refuses it")
    wait_until_primary(client)
    prefix = os.environ.get("KENTONGAN_MONGO_DATABASE_PREFIX") or "kentongan_"
    for service in services:
        put_user(client, service, [{"role": "readWrite", "db": f"{prefix}{service}"}])
    print(f"users: {', '.join(services)}")


def main() -> None:
    """A mongod that is not up yet is tried again by the platform."""
    replica_set, member = os.environ["REPLICA_SET"], os.environ["MEMBER"]
    try:
        if AUTHORITY:
            secure(replica_set, member, os.environ["SERVICES"].split())
        else:
            client = connect()
            initiate(client, replica_set, member)
            wait_until_primary(client)
    except PyMongoError as error:
        sys.exit(f"MongoDB: {error}")
    print(f"replica set {replica_set}: primary")


if __name__ == "__main__":
    main()
