"""What a MongoDB address says, and whether the driver can use it; nothing is connected to."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

_SCHEMES = ("mongodb://", "mongodb+srv://")


class UnusableAddress(ValueError):
    """The driver refuses the address; the text quotes nothing of it, which holds a password."""


@dataclass(frozen=True, slots=True)
class Address:
    """What matters of an address to whoever judges it."""

    credentials: bool
    tls: bool


def describe_address(uri: str, *, tls_ca_file: Path | None = None) -> Address:
    """Whether it names a user, and is encrypted. Raises UnusableAddress."""
    if not uri.startswith(_SCHEMES):
        raise UnusableAddress(f"must begin with {' or '.join(_SCHEMES)}")
    tls: dict[str, Any] = {"tls": True, "tlsCAFile": str(tls_ca_file)} if tls_ca_file else {}
    try:
        with warnings.catch_warnings():
            # The driver only warns of an option that it doesn't know: a slip of the pen.
            warnings.simplefilter("error", UserWarning)
            client: MongoClient[Any] = MongoClient(uri, connect=False, **tls)
    except (PyMongoError, ValueError, TypeError, OSError, UserWarning) as error:
        raise UnusableAddress(_without_quotations(str(error))) from None
    try:
        options = client.options.pool_options
        return Address(
            credentials=options._credentials is not None,
            tls=options._ssl_context is not None or _encrypted_by_default(uri),
        )
    finally:
        client.close()


def _encrypted_by_default(uri: str) -> bool:
    """An address of DNS records is, which the driver finds out when it has resolved them."""
    off = re.search(r"[?&](tls|ssl)=false", uri, re.IGNORECASE)
    return uri.startswith("mongodb+srv://") and off is None


def _without_quotations(words: str) -> str:
    return re.sub(r"(['\"]).*\1", "…", words)
