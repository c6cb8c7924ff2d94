"""Votes per second: 32 callers, each vote another person's, 3,000 a run, no HTTP.

Kit: the service's casting (campaign from memory, HMAC of the voter, decision, event, stamped
upsert). Bare: one upsert of the same document by a pipeline that stamps it in the same way, with
random ids, majority and journalled (the case fails where the two differ in shape). The second row
is with an Idempotency-Key: the document keeps it, and since the campaign runs for days the kit
looks first whether the same request was answered before midnight, a read more than bare's one
write; hence no aim.
"""

from collections.abc import Sequence

from kentongan.domain import CommandContext, Decision, IdempotencyKey
from kentongan.domain.clock import utc_now
from kentongan.process.own_commands import own_command
from services.scoring.domain.campaigns import Campaign
from services.scoring.domain.voters import Voters
from services.scoring.stores import open_stores
from services.scoring.voting.casting import Ballot, Casting
from tests.bench.calling import on_new_numbers
from tests.bench.campaigning import campaign, option_of, suggestion_of
from tests.bench.data import TRACE, identity
from tests.bench.likeness import refuse_different
from tests.bench.measuring import Comparison, alternate
from tests.bench.voting_bare import BareVotes
from tests.bench.workbench import Workbench

VOTES = 3_000
CALLERS = 32
AIM = 0.9
DAYS = 5
SECRET = "bench-secret-of-thirty-two-letters"


async def run(workbench: Workbench) -> Sequence[Comparison]:
    return [
        await _compared(workbench, f"{CALLERS} callers", AIM, keyed=False),
        await _compared(workbench, f"{CALLERS} callers, with Idempotency-Key", None, keyed=True),
    ]


async def _compared(
    workbench: Workbench, note: str, aim: float | None, *, keyed: bool
) -> Comparison:
    amount, opened = workbench.amount(VOTES), campaign(DAYS)
    async with (
        workbench.kit_database(lambda one: [open_stores(one).votes.layout]) as database,
        workbench.bare_database(lambda one: [open_stores(one).votes.layout]) as plain,
    ):
        stores = open_stores(database)
        await stores.campaigns.create(
            opened.campaign_id,
            Decision(opened, "campaign.open"),
            own_command("campaign.open", "diskominfo-1", utc_now()),
            lambda stored: {"id": stored.id},
        )
        kit = KitVotes(Casting(stores, Voters(SECRET), on_over=lambda: None), opened, keyed=keyed)
        bare = BareVotes(plain["votes"], opened, keyed=keyed)
        kit_runs, bare_runs = await alternate(
            workbench.pairs,
            on_new_numbers(kit.cast, amount, callers=CALLERS),
            on_new_numbers(bare.cast, amount, callers=CALLERS),
        )
        for suggests in (True, False):
            alike = {"state.suggests": suggests}
            refuse_different(
                await database["votes"].find_one(alike), await plain["votes"].find_one(alike)
            )
    return Comparison("votes", kit_runs, bare_runs, aim, "votes", note)


class KitVotes:
    """Votes as the service takes them."""

    def __init__(self, casting: Casting, opened: Campaign, *, keyed: bool) -> None:
        self._casting = casting
        self._campaign = opened
        self._keyed = keyed

    async def cast(self, number: int) -> None:
        """One person's vote."""
        key, subject = identity(number), f"warga-{number}"
        command = CommandContext(
            name="vote.cast",
            actor=subject,
            now=utc_now(),
            correlation_id=key,
            causation_id=key,
            traceparent=TRACE,
            idempotency=IdempotencyKey(key, key) if self._keyed else None,
        )
        ballot = Ballot(option_of(number), suggestion_of(number))
        await self._casting.cast(self._campaign.campaign_id, ballot, subject, command)
