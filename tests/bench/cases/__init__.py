"""All cases, in the order of the table. One file each; a case says exactly what it compares."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from tests.bench.cases import (
    closing,
    command,
    delay,
    directory,
    growth,
    ledger,
    plan,
    planning,
    relay,
    tally,
    tracing,
    tutorial,
    votes,
    webhooks,
)
from tests.bench.measuring import Comparison
from tests.bench.workbench import Workbench

Case: TypeAlias = Callable[[Workbench], Awaitable[Sequence[Comparison]]]

CASES: dict[str, Case] = {
    "directory": directory.run,
    "ledger": ledger.run,
    "tutorial": tutorial.run,
    "command": command.run,
    "relay": relay.run,
    "delay": delay.run,
    "growth": growth.run,
    "plan": plan.run,
    "planning": planning.run,
    "webhooks": webhooks.run,
    "votes": votes.run,
    "tally": tally.run,
    "closing": closing.run,
    "tracing": tracing.run,
}
