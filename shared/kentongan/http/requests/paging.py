"""Pages by cursor: stable under writes, the same cost on every page."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from kentongan.http.problems.refusals import InvalidCursor

SortValue = str | int | datetime
Item = TypeVar("Item")
Shown = TypeVar("Shown")

_CURSOR_LIMIT = 2048
_TEXT_LIMIT = 512


class Page(BaseModel, Generic[Item]):
    """One page of a query. `next_cursor` is absent (null) on the last."""

    items: list[Item]
    next_cursor: str | None = Field(
        default=None,
        description="Kirim kembali sebagai `cursor`. / Send it back as `cursor`.",
    )


class PageQuery(BaseModel):
    """The query string of a list: extend it with the filters that the query knows.

    Unknown parameters are refused. Declare it as `query: Annotated[KimQuery, Query()]`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cursor: Annotated[
        str | SkipJsonSchema[None],
        Field(description="Dari halaman sebelumnya. / From the page before."),
    ] = None
    limit: Annotated[int, Field(ge=1, le=200, description="Butir per halaman. / Items a page.")] = (
        50
    )

    def after(self, *kinds: type[SortValue]) -> tuple[SortValue, ...] | None:
        """The sort values after which the page begins; None on the first. Raises InvalidCursor."""
        return None if self.cursor is None else read_cursor(self.cursor, kinds)

    def after_id(self) -> dict[str, dict[str, str]]:
        """The same for a list in the order of its ids, as a store's query: all on the first."""
        after = self.after(str)
        return {} if after is None else {"_id": {"$gt": str(after[0])}}

    @property
    def fetch(self) -> int:
        """How many to ask the store for: one more than a page tells whether there is a next."""
        return self.limit + 1

    def page(
        self,
        found: Sequence[Item],
        show: Callable[[Item], Shown],
        sort_values: Callable[[Item], Sequence[SortValue]],
    ) -> Page[Shown]:
        """The page of what `fetch` items brought, in their order."""
        items = found[: self.limit]
        more = len(found) > self.limit
        return Page(
            items=[show(item) for item in items],
            next_cursor=make_cursor(sort_values(items[-1])) if more else None,
        )


def make_cursor(values: Sequence[SortValue]) -> str:
    """An opaque cursor after these sort values. It grants nothing, so it isn't signed."""
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    text = json.dumps(plain, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, kinds: Sequence[type[SortValue]]) -> tuple[SortValue, ...]:
    """The sort values of a cursor, of exactly these types. Raises InvalidCursor (400)."""
    if not cursor.isascii() or len(cursor) > _CURSOR_LIMIT:
        raise InvalidCursor
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise InvalidCursor from error
    if not isinstance(values, list) or len(values) != len(kinds):
        raise InvalidCursor
    return tuple(_sort_value(value, kind) for value, kind in zip(values, kinds, strict=True))


def _sort_value(value: object, kind: type[SortValue]) -> SortValue:
    if kind is int and type(value) is int and -(2**63) <= value < 2**63:
        return value
    if isinstance(value, str) and len(value) <= _TEXT_LIMIT and _is_plain(value):
        if kind is str:
            return value
        if kind is datetime:
            try:
                moment = datetime.fromisoformat(value)
                if moment.tzinfo is not None:
                    return moment.astimezone(UTC)
            except (ValueError, OverflowError) as error:
                raise InvalidCursor from error
    raise InvalidCursor


def _is_plain(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
