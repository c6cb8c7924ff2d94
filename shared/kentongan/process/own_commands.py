"""Commands that a service issues itself: in reactions, and in workers such as the courier."""

import secrets
from datetime import datetime
from uuid import uuid4

from kentongan.domain import CommandContext, IdempotencyKey


def own_command(name: str, actor: str, now: datetime, *, key: str | None = None) -> CommandContext:
    """A command by a reaction (`reaction:flag-assignments`) or a worker, with a trace of its own.

    `key` tells its repeats apart from new ones: derived from what it found, such as
    `enrolment:version:flag`.
    """
    return CommandContext(
        name=name,
        actor=actor,
        now=now,
        correlation_id=str(uuid4()),
        causation_id=key or actor,
        traceparent=f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01",
        idempotency=IdempotencyKey(scoped=f"{actor}:{key}", payload_hash=key) if key else None,
    )
