"""What the registry keeps from others' events: nothing, as it consumes none."""

from kentongan.messaging.subscriptions import ReadModelSubscription

READ_MODELS: tuple[ReadModelSubscription, ...] = ()
"""Directories and ledgers; the first one comes with the first consumed event."""
