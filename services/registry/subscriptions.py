"""Every event that the registry consumes: results of competitions, for the groups' pages."""

from kentongan.contracts.scoring import CompetitionState, ResultsPublished
from kentongan.messaging.subscriptions import DirectorySubscription, Subscriptions
from services.registry.read_models import COMPETITION_INDEXES, COMPETITIONS, competition_entry

COMPETITION_SUBSCRIPTION: DirectorySubscription[CompetitionState] = DirectorySubscription(
    directory_name=COMPETITIONS,
    events=(ResultsPublished,),
    entry=competition_entry,
    indexes=COMPETITION_INDEXES,
)


def subscriptions() -> Subscriptions:
    """One read model, and no reaction: an award changes nothing about a group itself."""
    return Subscriptions(read_models=(COMPETITION_SUBSCRIPTION,))
