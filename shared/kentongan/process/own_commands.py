"""Commands that a service issues itself: in reactions, and in workers such as the courier."""

from datetime import datetime
from uuid import uuid4

from kentongan.domain import CommandContext, IdempotencyKey
from kentongan.observability.tracing import works


def own_command(name: str, actor: str, now: datetime, *, key: str | None = None) -> CommandContext:
    """A command by a reaction (`reaction:flag-assignments`) or a worker, in its step's trace.

    `key` tells its repeats apart from new ones: derived from what it found, such as
    `enrolment:version:flag`.
    """
    return CommandContext(
        name=name,
        actor=actor,
        now=now,
        correlation_id=str(uuid4()),
        causation_id=key or actor,
        traceparent=works.own_command(name),
        idempotency=IdempotencyKey(scoped=f"{actor}:{key}", payload_hash=key) if key else None,
    )
