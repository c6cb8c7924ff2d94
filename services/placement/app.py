"""The composition root of placement: the only file that wires concretes."""

from datetime import timedelta

from kentongan.domain.calendar import Calendar
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from services.placement.api.activities import activities_router
from services.placement.api.briefing import briefing_router
from services.placement.api.cohorts import cohorts_router
from services.placement.api.enrolments import enrolments_router
from services.placement.api.figures import figures_router
from services.placement.api.imports import imports_router
from services.placement.api.kims import kims_router
from services.placement.api.plans import plans_router
from services.placement.api.problems import PROBLEMS
from services.placement.api.universities import universities_router
from services.placement.domain.identity import Identities
from services.placement.enrolling.briefing import Briefing
from services.placement.enrolling.seating import Enrolling
from services.placement.importing.importer import Importer
from services.placement.placing.computation import PlanComputation
from services.placement.placing.confirmation import Confirmation
from services.placement.placing.gathering import Gathering, PlanningRules
from services.placement.placing.reactions import AssignmentReactions
from services.placement.placing.reassignment import Reassignment
from services.placement.placing.requesting import Requesting
from services.placement.planning.problem import Weights
from services.placement.read_models import KimDirectory
from services.placement.retelling import retellings
from services.placement.settings import PlacementSettings
from services.placement.stores import open_stores
from services.placement.subscriptions import subscriptions


def planning_rules(settings: PlacementSettings) -> PlanningRules:
    """The city's fit table and weights."""
    return PlanningRules(
        fit=settings.placement_fit,
        weights=Weights(
            group=settings.placement_weight_group,
            university=settings.placement_weight_university,
            fit=settings.placement_weight_fit,
        ),
    )


def assemble(resources: Resources) -> Assembly:
    """Wire the service from the kit's resources."""
    settings: PlacementSettings = resources.settings
    client, database = resources.client, resources.database
    stores = open_stores(database)
    kims = KimDirectory(database)
    calendar = Calendar(resources.clock)
    limit = settings.placement_plan_students
    gathering = Gathering(stores, kims, calendar, planning_rules(settings))
    computation = PlanComputation(
        database, stores, gathering, calendar, time_limit=settings.placement_plan_seconds
    )
    requesting = Requesting(stores, kims, calendar, gathering, computation, students_limit=limit)
    confirmation = Confirmation(client, stores, kims, calendar, students_limit=limit)
    reassignment = Reassignment(client, stores, kims)
    identities = Identities(settings.placement_secret.get_secret_value())
    enrolling = Enrolling(stores, identities)
    importer = Importer(
        stores,
        enrolling,
        lines_limit=settings.placement_import_lines,
        kept=timedelta(days=settings.placement_import_days),
    )
    reactions = AssignmentReactions(stores, kims, calendar)
    return Assembly(
        routers=(
            universities_router(stores.universities),
            cohorts_router(stores),
            briefing_router(stores, Briefing(stores)),
            imports_router(stores, importer),
            enrolments_router(stores, enrolling, reassignment),
            plans_router(stores, requesting, confirmation),
            figures_router(stores, kims, calendar),
            activities_router(stores),
            kims_router(kims, calendar),
        ),
        stores=(
            stores.universities,
            stores.cohorts,
            stores.enrolments,
            stores.plans,
            stores.activities,
            stores.imports,
        ),
        subscriptions=subscriptions(
            flag_assignments=reactions.flag_assignments,
            complete_assignments=reactions.complete_assignments,
            resume_plans=computation.resume,
        ),
        problems=PROBLEMS,
        retellings=retellings(stores),
    )


service = ServiceDefinition(
    name="placement",
    title="Penempatan mahasiswa / Placement",
    description=(
        "Universitas, angkatan, pendaftaran, rencana penempatan, dan buku kegiatan. / "
        "Universities, cohorts, enrolments, plans and logbooks."
    ),
    settings=PlacementSettings,
    assemble=assemble,
)
