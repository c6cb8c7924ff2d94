"""What registry and placement show of groups, students and logbooks."""

from collections.abc import Mapping
from typing import Any

from kentongan.demo.acts.placing import Cohort, enrolments
from kentongan.demo.acts.views.reading import read_each
from kentongan.demo.acts.world import World
from kentongan.demo.consistency.checker import Held, View

PUBLISHED_STATUS = {"expired": "registered"}
"""`expired` follows from the day; events carry what is stored."""


async def programme_views(
    world: World, cohort: Cohort
) -> tuple[list[View], list[Mapping[str, Any]]]:
    """Every view of what travels in events, and the logbook entries that were read for them."""
    owner = await world.registry.read_all("/v1/kims", region=world.city.code, limit=200)
    directory = await world.placement.read_all("/v1/kims", region=world.city.code, limit=200)
    students = await enrolments(world, cohort)
    entries = await logbook_entries(world, {one["id"] for one in owner})
    views = [
        View("registry", "registry.kims", {one["id"]: _owned(one) for one in owner}, exact=False),
        View("placement: kims", "registry.kims", {one["id"]: _known(one) for one in directory}),
        View(
            "placement: enrolments",
            "placement.assignments",
            {one["id"]: _assignment(one) for one in students if one["assignment"]},
            exact=False,
        ),
        View(
            "placement: activities",
            "placement.activities",
            {one["id"]: _activity(one) for one in entries if one["status"] == "verified"},
            exact=False,
        ),
    ]
    return views, entries


async def logbook_entries(world: World, kim_ids: set[str]) -> list[Mapping[str, Any]]:
    """All logbook entries, group by group, as Diskominfo sees them."""
    diskominfo = world.placement.acting_as(world.tokens.diskominfo())
    lists = await read_each(
        sorted(kim_ids),
        lambda kim_id: diskominfo.read_all(f"/v1/kims/{kim_id}/activities", limit=200),
    )
    return [one for entries in lists for one in entries]


def _owned(kim: Mapping[str, Any]) -> Held:
    return Held(
        kim["version"],
        {
            "name": kim["name"],
            "region.code": kim["region"]["code"],
            "region.aliases": kim["region"]["aliases"],
            "status": PUBLISHED_STATUS.get(kim["status"], kim["status"]),
            "nik_komunitas": kim["nik_komunitas"],
            "potentials": kim["potentials"],
            "member_count": kim["member_count"],
            "decree.number": kim["decree"]["number"],
            "decree.valid_until": kim["decree"]["valid_until"],
        },
    )


def _known(kim: Mapping[str, Any]) -> Held:
    return Held(
        kim["version"],
        {
            "name": kim["name"],
            "region.code": kim["region_code"],
            "region.district_code": kim["district_code"],
            "status": kim["status"],
            "nik_komunitas": kim["nik_komunitas"],
            "potentials": kim["potentials"],
            "decree.valid_until": kim["valid_until"],
        },
    )


def _assignment(enrolment: Mapping[str, Any]) -> Held:
    return Held(
        enrolment["version"],
        {
            "kim_id": enrolment["assignment"]["kim_id"],
            "status": enrolment["status"],
            "university_id": enrolment["university_id"],
            "flag": enrolment["flag"],
        },
    )


def _activity(entry: Mapping[str, Any]) -> Held:
    return Held(
        entry["version"],
        {
            "kim_id": entry["kim_id"],
            "enrolment_id": entry["enrolment_id"],
            "minutes": entry["minutes"],
            "category": entry["category"],
            "date": entry["date"],
        },
    )
