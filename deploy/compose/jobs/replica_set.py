"""Makes one mongod a replica set, and waits until it takes writes; repeating it changes nothing.

Runs in mongod's own network, for a first user may be made from its own host alone (secured).
"""

import os
import sys
import time

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

ALREADY_INITIALISED = 23
PATIENCE_SECONDS = 60.0


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


def main() -> None:
    """Do both; a mongod that is not up yet is tried again by the platform."""
    client: MongoClient = MongoClient("127.0.0.1", 27017, directConnection=True)
    try:
        initiate(client, os.environ["REPLICA_SET"], os.environ["MEMBER"])
        wait_until_primary(client)
    except PyMongoError as error:
        sys.exit(f"MongoDB: {error}")
    print(f"replica set {os.environ['REPLICA_SET']}: primary")


if __name__ == "__main__":
    main()
