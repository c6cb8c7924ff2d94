"""Every event that the registry consumes: none. Groups are its own, and it follows nobody else's.

The room stays, so that whoever looks for the readers of an event finds the same file in every
service.
"""

from kentongan.messaging.subscriptions import Subscriptions
from services.registry.read_models import READ_MODELS


def subscriptions() -> Subscriptions:
    """Nothing consumed, so no read model and no reaction."""
    return Subscriptions(read_models=READ_MODELS)
