"""Plans are computed level-triggered: whoever holds the lease takes every plan left computing.

A plan of a process that crashed is found again at the next start, or within a minute, by the same
step; nothing remembers it but its status. Two that compute the same plan find the same, and only
the first is kept.
"""

from collections.abc import AsyncIterator, Callable

import structlog

from kentongan.domain import Decision
from kentongan.domain.calendar import Calendar
from kentongan.messaging.led_work import LedWork
from kentongan.process.own_commands import own_command
from kentongan.storage.aggregates.store import Stored
from kentongan.storage.driver import Database
from kentongan.storage.errors import StorageError, UnencodableDocument
from services.placement.domain.errors import ImpossibleTransition
from services.placement.domain.plans import Plan, PlanStatus, fail, propose
from services.placement.placing.gathering import Gathering
from services.placement.placing.proposals import proposal_of
from services.placement.placing.receipts import plan_receipt
from services.placement.planning.problem import PlanImpossible
from services.placement.planning.runner import run_planner
from services.placement.stores import Stores

ACTOR = "reaction:resume-plans"
TASK = "plan-computation"
WAITING_SEEN = 100

_log = structlog.get_logger(__name__)


class PlanComputation:
    """Computes requested plans, one at a time over all processes of the service."""

    def __init__(
        self,
        database: Database,
        stores: Stores,
        gathering: Gathering,
        calendar: Calendar,
        *,
        time_limit: float,
    ) -> None:
        self._led = LedWork(
            database,
            TASK,
            left=self._left,
            work=self._compute,
            interrupted="plan.computation_interrupted",
        )
        self._stores = stores
        self._gathering = gathering
        self._calendar = calendar
        self._time_limit = time_limit

    def wake(self) -> None:
        """Begin in the background, after a plan was requested in this process."""
        self._led.wake()

    async def resume(self) -> int:
        """The reaction: begin where plans wait that nobody computes; returns how many there are.

        It only begins, since a plan may take minutes and other reactions must not wait for it.
        """
        waiting = len(await self._waiting(limit=WAITING_SEEN))
        if waiting:
            self.wake()
        return waiting

    async def _left(self) -> AsyncIterator[Stored[Plan]]:
        while waiting := await self._waiting(limit=1):
            yield waiting[0]

    async def _waiting(self, limit: int) -> list[Stored[Plan]]:
        return await self._stores.plans.find(
            {"state.status": PlanStatus.COMPUTING.value}, limit=limit
        )

    async def _compute(self, waiting: Stored[Plan]) -> None:
        plan_id = waiting.id
        try:
            gathered = await self._gathering.gather(waiting.state)
            result = await run_planner(gathered.problem, time_limit=self._time_limit)
            proposal = proposal_of(gathered, result)
        except PlanImpossible as impossible:
            code = impossible.code
            _log.warning("plan.failed", plan_id=plan_id, code=code)
            await self._end(plan_id, lambda plan: fail(plan, code))
            return
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - whatever the defect is, the plan has failed
            # A defect must not leave a plan computing for ever, and try it again every minute.
            _log.exception("plan.crashed", plan_id=plan_id)
            await self._end(plan_id, lambda plan: fail(plan, "unexpected"))
            return
        try:
            await self._end(plan_id, lambda plan: propose(plan, proposal))
        except UnencodableDocument:
            await self._end(plan_id, lambda plan: fail(plan, "too-large"))

    async def _end(self, plan_id: str, decide: Callable[[Plan], Decision[Plan]]) -> None:
        command = own_command("plan.compute", ACTOR, self._calendar.now())
        try:
            await self._stores.plans.change(plan_id, decide, command, plan_receipt)
        except ImpossibleTransition:
            _log.info("plan.ended_elsewhere", plan_id=plan_id)
