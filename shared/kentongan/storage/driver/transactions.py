"""Transactions: for the few rules over several documents that the architecture names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference

from kentongan.storage.driver.connection import Client, Session, majority_and_journal
from kentongan.storage.driver.failures import Translating
from kentongan.storage.errors import StorageUnavailable

_COMMIT_TRIES = 3


@asynccontextmanager
async def transaction(client: Client) -> AsyncIterator[Session]:
    """One transaction over several documents: snapshot, majority; committed at a clean exit.

    Guard each document by its version. Raises StorageUnavailable where the commit failed or its
    outcome is unknown: read again before trying again.
    """
    with Translating():
        session = await client.start_session()
    async with session:
        session.start_transaction(
            read_concern=ReadConcern("snapshot"),
            write_concern=majority_and_journal(client),
            read_preference=ReadPreference.PRIMARY,
        )
        try:
            yield session
        except BaseException:
            await session.abort_transaction()
            raise
        await _commit(session)


async def _commit(session: Session) -> None:
    for tries_left in reversed(range(_COMMIT_TRIES)):
        try:
            with Translating():
                await session.commit_transaction()
        except StorageUnavailable as unavailable:
            error = unavailable.__cause__
            unknown = isinstance(error, PyMongoError) and error.has_error_label(
                "UnknownTransactionCommitResult"
            )
            if not unknown or not tries_left:
                raise
        else:
            return
