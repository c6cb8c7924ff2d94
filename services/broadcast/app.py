"""The composition root of broadcast: the only file that wires concretes."""

from datetime import timedelta

from kentongan.domain.calendar import Calendar
from kentongan.kims.directory import KIMS
from kentongan.kims.routes import kims_router
from kentongan.messaging.leadership import process_name
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.built import Built
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from services.broadcast.api.assignments import assignments_router
from services.broadcast.api.audiences import audiences_router
from services.broadcast.api.channels import channels_router
from services.broadcast.api.content_lists import content_lists_router
from services.broadcast.api.contents import contents_router
from services.broadcast.api.deliveries import deliveries_router
from services.broadcast.api.feeds import feeds_router
from services.broadcast.api.inbox import inbox_router
from services.broadcast.api.problems import PROBLEMS
from services.broadcast.api.publications import publications_router
from services.broadcast.channels.registering import Registering
from services.broadcast.channels.switching import Switching
from services.broadcast.courier.bodies import Bodies
from services.broadcast.courier.claiming import Claims
from services.broadcast.courier.courier import Courier
from services.broadcast.courier.finishing import Finishing
from services.broadcast.courier.guarded_network import GuardedNetwork
from services.broadcast.courier.lanes import trusting
from services.broadcast.courier.looking import Looking
from services.broadcast.courier.planning import Chunks, Planning
from services.broadcast.courier.posting import Poster
from services.broadcast.courier.sending import Pace, Sending
from services.broadcast.delivering.notices import GroupNotices
from services.broadcast.delivering.receivers import Receivers
from services.broadcast.delivering.replaying import Replaying
from services.broadcast.domain.retries import RetryPolicy
from services.broadcast.domain.secrets import SigningSecrets
from services.broadcast.publishing.addressing import Addressing
from services.broadcast.publishing.scheduling import Scheduling
from services.broadcast.read_models import AssignmentDirectory, KimDirectory
from services.broadcast.retelling import retellings
from services.broadcast.settings import BroadcastSettings
from services.broadcast.stores import Stores, open_stores
from services.broadcast.subscriptions import subscriptions


def make_courier(
    resources: Resources,
    stores: Stores,
    *,
    scheduling: Scheduling,
    receivers: Receivers,
    switching: Switching,
    secrets: SigningSecrets,
    consumed: Subscriptions,
) -> Courier:
    """The role `courier`; it connects to nobody before it sends."""
    settings: BroadcastSettings = resources.settings
    clock = resources.clock
    claimed = settings.broadcast_claim_seconds
    database = resources.database
    groups = [each for each in bind(consumed, database) if each.name == KIMS]
    planning = Planning(
        stores,
        receivers,
        clock,
        Chunks(
            groups=settings.broadcast_planning_groups,
            claimed=timedelta(seconds=claimed),
            promise=timedelta(seconds=settings.broadcast_promise_seconds),
        ),
        process_name(),
        directory_built=Built(groups, database).all,
    )
    sending = Sending(
        deliveries=stores.deliveries,
        claims=Claims(stores.deliveries, clock, seconds=claimed),
        looking=Looking(stores),
        bodies=Bodies(stores),
        poster=lambda: Poster(
            GuardedNetwork(private_targets=settings.broadcast_private_targets),
            trusting(settings.broadcast_ca_file),
            seconds=settings.broadcast_send_seconds,
            at_once=settings.broadcast_sends_at_once,
            clock=clock,
        ),
        switching=switching,
        secrets=secrets,
        policy=RetryPolicy(
            attempts=settings.broadcast_attempts,
            first_delay=settings.broadcast_first_delay_seconds,
            factor=settings.broadcast_delay_factor,
            longest_delay=settings.broadcast_longest_delay_seconds,
        ),
        pace=Pace(
            at_once=settings.broadcast_sends_at_once,
            poll_seconds=settings.broadcast_poll_seconds,
        ),
        clock=clock,
    )
    return Courier(
        scheduling.publish_due,
        planning,
        sending,
        Finishing(stores, clock),
        clock,
        poll_seconds=settings.broadcast_poll_seconds,
    )


def assemble(resources: Resources) -> Assembly:
    """Wire the service from the kit's resources."""
    settings: BroadcastSettings = resources.settings
    database = resources.database
    stores = open_stores(database)
    kims, assignments = KimDirectory(database), AssignmentDirectory(database)
    addressing = Addressing(kims)
    secrets = SigningSecrets(settings.broadcast_secret.get_secret_value())
    switching = Switching(stores, resources.clock, in_a_row=settings.broadcast_failures_in_a_row)
    receivers = Receivers(stores, kims)
    promise = timedelta(seconds=settings.broadcast_promise_seconds)
    notices = GroupNotices(
        stores, assignments, receivers, Calendar(resources.clock), promise=promise
    )
    consumed = subscriptions(notify_groups=notices.notify_groups)
    courier = make_courier(
        resources,
        stores,
        scheduling=Scheduling(stores, kims),
        receivers=receivers,
        switching=switching,
        secrets=secrets,
        consumed=consumed,
    )
    notices.on_planned = courier.wake
    return Assembly(
        routers=(
            contents_router(stores, kims, addressing),
            publications_router(stores, kims, wake=courier.wake),
            content_lists_router(stores),
            audiences_router(addressing),
            feeds_router(stores, kims, settings.broadcast_public_url),
            kims_router(kims),
            assignments_router(assignments),
            channels_router(
                stores,
                kims,
                Registering(stores),
                switching,
                secrets,
                private_targets=settings.broadcast_private_targets,
            ),
            deliveries_router(stores, Replaying(stores, promise=promise), courier.wake),
            inbox_router(stores),
        ),
        stores=(stores.contents, stores.channels),
        facts=(stores.plannings, stores.deliveries, stores.notices),
        subscriptions=consumed,
        problems=PROBLEMS,
        retellings=retellings(stores),
        workers={"courier": courier},
    )


service = ServiceDefinition(
    name="broadcast",
    title="Siaran / Broadcast",
    description=(
        "Konten, sasaran, saluran, dan pengiriman kepada KIM. / "
        "Contents, audiences, channels and deliveries to the groups."
    ),
    settings=BroadcastSettings,
    assemble=assemble,
    roles=("api", "consumer", "relay", "courier"),
)
