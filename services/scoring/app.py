"""The composition root of scoring: the only file that wires concretes."""

from datetime import timedelta

from kentongan.domain.calendar import Calendar
from kentongan.kims.directory import KimDirectory
from kentongan.kims.routes import kims_router
from kentongan.messaging.kafka.clients import group_id
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.built import Built
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from kentongan.storage.stopped_consumers import StoppedConsumers
from services.scoring.api.activities import activities_router
from services.scoring.api.campaigns import campaigns_router
from services.scoring.api.closing import closing_router
from services.scoring.api.competitions import competitions_router
from services.scoring.api.contents import contents_router
from services.scoring.api.entries import entries_router
from services.scoring.api.problems import PROBLEMS
from services.scoring.api.rankings import rankings_router
from services.scoring.api.scores import scores_router
from services.scoring.api.tallies import tallies_router
from services.scoring.api.votes import votes_router
from services.scoring.domain.voters import Voters
from services.scoring.entering.submission import Entering
from services.scoring.judging.closing import StageClosing
from services.scoring.judging.counting import ActivityCounting
from services.scoring.judging.results import Publication
from services.scoring.judging.scoring import Scoring
from services.scoring.read_models import ActivityLedger, ContentDirectory
from services.scoring.retelling import retellings
from services.scoring.settings import ScoringSettings
from services.scoring.stores import open_stores
from services.scoring.subscriptions import COUNTED, subscriptions
from services.scoring.voting.casting import Casting
from services.scoring.voting.counting import Counting
from services.scoring.voting.finishing import Finishing
from services.scoring.voting.tallying import Tallying

NAME = "scoring"


def make_counting(
    resources: Resources, contents: ContentDirectory, activities: ActivityLedger
) -> ActivityCounting:
    """Counts what groups did, as far as this service's read models may be relied on."""
    database, group = resources.database, group_id(resources.settings.kafka, NAME)
    return ActivityCounting(
        contents,
        activities,
        built=Built(bind(COUNTED, database), database),
        stopped=StoppedConsumers(database, group),
    )


def assemble(resources: Resources) -> Assembly:
    """Wire the service from the kit's resources."""
    settings: ScoringSettings = resources.settings
    client, database = resources.client, resources.database
    stores = open_stores(database)
    kims = KimDirectory(database)
    contents, activities = ContentDirectory(database), ActivityLedger(database)
    calendar = Calendar(resources.clock)
    closing = StageClosing(
        database,
        stores,
        make_counting(resources, contents, activities),
        calendar,
        chunk=settings.scoring_closing_chunk,
    )
    counting = Counting(stores)
    tallying = Tallying(stores, counting)
    finishing = Finishing(
        stores,
        counting,
        tallying,
        calendar,
        grace=timedelta(seconds=settings.scoring_vote_grace_seconds),
    )
    voters = Voters(settings.scoring_secret.get_secret_value())
    casting = Casting(stores, voters, on_over=finishing.wake)
    publication = Publication(stores)
    return Assembly(
        routers=(
            competitions_router(stores),
            closing_router(stores, closing),
            rankings_router(stores, publication),
            entries_router(stores, Entering(client, stores, kims)),
            scores_router(stores, Scoring(stores)),
            kims_router(kims),
            contents_router(contents),
            activities_router(activities),
            campaigns_router(stores),
            votes_router(stores, casting),
            tallies_router(stores, tallying),
        ),
        stores=(
            stores.competitions,
            stores.entries,
            stores.campaigns,
            stores.votes,
            stores.tallies,
        ),
        facts=(stores.voting_days,),
        subscriptions=subscriptions(
            resume_closings=closing.resume,
            keep_voting_days=finishing.keep_days,
            finish_campaigns=finishing.finish_campaigns,
        ),
        problems=PROBLEMS,
        retellings=retellings(stores, publication),
    )


service = ServiceDefinition(
    name=NAME,
    title="Penilaian / Scoring",
    description=(
        "Lomba, penilaian juri, dan pemungutan suara. / Competitions, judging and public votes."
    ),
    settings=ScoringSettings,
    assemble=assemble,
)
