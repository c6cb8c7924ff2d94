"""A histogram that takes many observations at once: one lock a bucket instead of one an event."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from prometheus_client import Histogram


class BatchHistogram(Histogram):
    """A Histogram whose series also have `observe_many`, for what happens by the thousand."""

    def observe_many(self, amounts: Iterable[float]) -> None:
        """Observe each of the amounts, with one addition for each bucket that any of them meets.

        The library offers no such thing; a test holds this against its own `observe`.
        """
        found = sorted(amounts)
        if not found:
            return
        # Kept under these names by prometheus_client since its beginning.
        bounds: Sequence[float] = self._upper_bounds
        counters: Sequence[Any] = self._buckets
        for bucket, number in Counter(bisect_left(bounds, amount) for amount in found).items():
            counters[bucket].inc(number)
        self._sum.inc(sum(found))
