"""The registry's composition root: the only file that wires concretes."""

from kentongan.process.service import Assembly, Resources, ServiceDefinition
from services.registry.api.coverage import coverage_router
from services.registry.api.kims import kims_router
from services.registry.api.problems import PROBLEMS
from services.registry.api.profile import profile_router
from services.registry.api.standing import standing_router
from services.registry.read_models import CompetitionDirectory
from services.registry.registering.numbering import Numbering
from services.registry.registering.regions import KemendagriRegions
from services.registry.retelling import retellings
from services.registry.settings import RegistrySettings
from services.registry.stores import open_kims
from services.registry.subscriptions import subscriptions


def assemble(resources: Resources) -> Assembly:
    """Wire the registry from what the kit hands over."""
    settings: RegistrySettings = resources.settings
    rules, regions = settings.registry_rules, KemendagriRegions()
    store = open_kims(resources.database)
    competitions = CompetitionDirectory(resources.database)
    return Assembly(
        routers=(
            kims_router(store, regions, rules, competitions, resources.clock),
            profile_router(store, rules),
            standing_router(store, Numbering(store), rules),
            coverage_router(store, regions, rules, resources.clock),
        ),
        stores=(store,),
        subscriptions=subscriptions(),
        problems=PROBLEMS,
        retellings=retellings(store),
    )


service = ServiceDefinition(
    name="registry",
    title="Kentongan: registry",
    description=(
        "Legalitas, pengurus, potensi, dan cakupan KIM. / "
        "The groups' legality, board, potential and coverage."
    ),
    settings=RegistrySettings,
    assemble=assemble,
)
