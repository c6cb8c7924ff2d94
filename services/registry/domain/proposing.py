"""A group begins: proposed with a name and a region, its public profile kept up from then on."""

from collections.abc import Sequence
from datetime import datetime

from kentongan.domain import Decision
from services.registry.domain.errors import LevelMismatch, PotentialUnknown, RegionUnknown
from services.registry.domain.kim import Kim, Link, Status, findable_names
from services.registry.domain.public_state import update_event
from services.registry.domain.public_text import refuse_personal_data, refuse_personal_links
from services.registry.domain.regions import Level, Region
from services.registry.domain.rules import Rules
from services.registry.domain.transitions import refuse_impossible


def propose(
    kim_id: str,
    *,
    name: str,
    level: Level,
    region_code: str,
    region: Region | None,
    potentials: Sequence[str],
    links: Sequence[Link],
    rules: Rules,
    now: datetime,
) -> Decision[Kim]:
    """Begin a group. `region` is what the Kemendagri data says about the code, None if nothing.

    Raises RegionUnknown, LevelMismatch, PotentialUnknown, PersonalDataInPublicText, LinkNotPublic.
    """
    if region is None:
        raise RegionUnknown(field="/region_code", region=region_code)
    if region.level is not level:
        raise LevelMismatch(field="/level", level=level.value, found=region.level.value)
    _refuse_improper(name, (), potentials, links, rules)
    return Decision(
        state=Kim(
            kim_id=kim_id,
            name=name,
            level=level,
            region=region,
            status=Status.PROPOSED,
            potentials=_each_once(potentials),
            links=tuple(links),
            proposed_at=now,
            city_code=region.city_code,
            names=findable_names(name, region),
        ),
        rule=f"region-known:{rules.name}",
    )


def set_profile(
    kim: Kim,
    *,
    name: str,
    potentials: Sequence[str],
    links: Sequence[Link],
    aliases: Sequence[str],
    rules: Rules,
) -> Decision[Kim]:
    """Replace the public profile. The region stays: another region is another group.

    Raises ImpossibleTransition, PotentialUnknown, PersonalDataInPublicText, LinkNotPublic.
    """
    refuse_impossible(kim, "kim.set-profile")
    _refuse_improper(name, aliases, potentials, links, rules)
    region = kim.region.model_copy(update={"aliases": _each_once(aliases)})
    after = kim.model_copy(
        update={
            "name": name,
            "region": region,
            "potentials": _each_once(potentials),
            "links": tuple(links),
            "names": findable_names(name, region),
        }
    )
    return Decision(
        state=after, rule=f"public-profile:{rules.name}", event=update_event(kim, after)
    )


def _refuse_improper(
    name: str,
    aliases: Sequence[str],
    potentials: Sequence[str],
    links: Sequence[Link],
    rules: Rules,
) -> None:
    refuse_personal_data(name, field="/name", grouped_digits=True)
    for place, alias in enumerate(aliases):
        refuse_personal_data(alias, field=f"/aliases/{place}", grouped_digits=True)
    for place, potential in enumerate(potentials):
        if potential not in rules.potentials:
            raise PotentialUnknown(
                field=f"/potentials/{place}", potential=potential, known=list(rules.potentials)
            )
    refuse_personal_links(links)


def _each_once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
