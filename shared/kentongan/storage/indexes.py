"""Indexes, declared beside the collection that they serve, compared with what the server has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Index:
    """One index. Field paths name the stored document: `state.region.code`, `entry.status`."""

    keys: tuple[tuple[str, int], ...]
    name: str
    unique: bool = False
    partial: Mapping[str, Any] | None = None
    """Only documents that match are indexed: the mechanism of rules such as "while active"."""
    expire_after_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One collection and the indexes that it needs: what `storage plan` compares."""

    collection: str
    indexes: tuple[Index, ...] = ()
