"""The reaction `notify-groups`: a group gets notice of each student who was assigned to it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from kentongan.domain.calendar import Calendar
from services.broadcast.delivering.receivers import Receivers
from services.broadcast.domain.notices import notice, notice_deliveries, notice_id
from services.broadcast.read_models import AssignmentDirectory, KnownAssignment
from services.broadcast.stores import Stores

AT_ONCE = 1_000


class GroupNotices:
    """Finds active assignments without a planned notice. What isn't active any more gets none."""

    def __init__(
        self,
        stores: Stores,
        assignments: AssignmentDirectory,
        receivers: Receivers,
        calendar: Calendar,
        *,
        promise: timedelta,
    ) -> None:
        self.on_planned: Callable[[], None] = lambda: None
        self._stores = stores
        self._assignments = assignments
        self._receivers = receivers
        self._calendar = calendar
        self._promise = promise

    async def notify_groups(self) -> int:
        """Walk through the active assignments in chunks; how many notices were given."""
        given, after = 0, None
        today = self._calendar.past_everywhere()
        while page := await self._assignments.active_after(after, today, AT_ONCE):
            given += await self._notify(page)
            after = page[-1].assignment.enrolment_id
        if given:
            self.on_planned()
        return given

    async def _notify(self, page: Sequence[KnownAssignment]) -> int:
        """The notice before its deliveries, which a courier may send at once; `planned` after them,
        since what was ended before that is found again. All ids are natural.
        """
        by_id = {notice_id(each.assignment.enrolment_id, each.version): each for each in page}
        given = await self._stores.notices.find(
            {"_id": {"$in": list(by_id)}, "planned": True}, limit=0, fields=()
        )
        known = {found["_id"] for found in given}
        new = [each for key, each in by_id.items() if key not in known]
        if not new:
            return 0
        kim_ids = sorted({each.assignment.kim_id for each in new})
        webhooks = await self._receivers.webhooks(kim_ids)
        now = self._calendar.now()
        notices = [notice(each.assignment, each.version, now) for each in new]
        deliveries = [
            delivery
            for told in notices
            for delivery in notice_deliveries(told, webhooks.get(told["kim_id"], []), self._promise)
        ]
        await self._stores.notices.insert_new(notices)
        await self._stores.deliveries.insert_new(deliveries)
        unplanned = {"_id": {"$in": [told["_id"] for told in notices]}, "planned": {"$ne": True}}
        return await self._stores.notices.update(unplanned, {"$set": {"planned": True}})
