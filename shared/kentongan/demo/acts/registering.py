"""First act: every kelurahan hands in its group's papers, and Diskominfo registers the groups."""

from kentongan.demo.acts.world import Group, World
from kentongan.demo.city.groups import Dossier, Flaw, draw_dossiers
from kentongan.demo.clients.service_client import Accepted, ServiceClient
from kentongan.demo.summary import Text

AFTERWARDS = {
    Flaw.CIVIL_SERVANT: Text(
        "Pengurus itu diganti; KIM lalu terdaftar.",
        "The member was replaced; the group was then registered.",
    ),
    Flaw.TWO_MEMBERS: Text(
        "Anggota ditambah; KIM lalu terdaftar.",
        "Members joined; the group was then registered.",
    ),
    Flaw.WRONG_OFFICE: Text(
        "SK diterbitkan ulang oleh lurah; KIM lalu terdaftar.",
        "The lurah issued a new decree; the group was then registered.",
    ),
}
SEAT_TAKEN = Text(
    "Dikembalikan kepada pengusul beserta alasannya.",
    "Returned to those who proposed it, with the reason.",
)
SHARE_THAT_EDITS = 3
"""One in so many groups changes its profile after registration."""


async def register_groups(world: World) -> None:
    """Propose, complete, submit and register; the flawed are refused first and then put right."""
    dossiers, seconds = draw_dossiers(world.villages, seed=world.seed, today=world.today)
    registered = await world.each(
        Text("Kelurahan mengusulkan, Diskominfo mendaftarkan", "Groups proposed and registered"),
        dossiers,
        lambda dossier: _register(world, dossier),
    )
    world.groups = {group.id: group for group in registered}
    await world.each(
        Text("KIM kedua di kelurahan yang sama", "A second group in the same kelurahan"),
        seconds,
        lambda dossier: _try_second(world, dossier),
    )


async def edit_profiles(world: World) -> None:
    """Boards publish what else their area has to offer; two try what they may not."""
    groups = sorted(world.groups.values(), key=lambda group: group.dossier.village.code)
    editing = groups[::SHARE_THAT_EDITS]
    await world.each(
        Text("Pengurus memperbarui profil KIM", "Boards update their groups' profiles"),
        editing,
        lambda group: edit_profile(world, group),
    )
    await _try_foreign(world, groups[0], groups[-1])
    await _try_outdated(world, editing[0])


async def edit_profile(world: World, group: Group) -> Accepted:
    """The board changes the group's potentials: another choice than the present one each time."""
    random = world.random(f"profile:{group.id}:{group.version}")
    every = ("umkm", "kuliner", "wisata", "kwt", "proklim", "ketahanan-pangan", "seni-budaya")
    potentials = group.potentials
    while potentials == group.potentials:
        potentials = tuple(sorted(random.sample(every, random.randint(1, 4))))
    accepted = await _profile(world, group, potentials, group.version)
    group.version, group.potentials = accepted.version, potentials
    return accepted


async def _profile(
    world: World, group: Group, potentials: tuple[str, ...], version: int
) -> Accepted:
    board = world.registry.acting_as(world.tokens.kim(group.id, group.dossier.village.code))
    return await board.command(
        "kim.set-profile",
        "PUT",
        f"/v1/kims/{group.id}/profile",
        group.dossier.profile(potentials),
        if_match=version,
        aggregate=group.id,
        publishes="KimUpdated",
    )


async def _register(world: World, dossier: Dossier) -> Group:
    submitted = await _complete(world, dossier)
    diskominfo = world.registry.acting_as(world.tokens.diskominfo())
    accepted = await diskominfo.command(
        "kim.register",
        "POST",
        f"/v1/kims/{submitted.id}/registration",
        aggregate=submitted.id,
        publishes="KimRegistered",
    )
    return Group(submitted.id, dossier, accepted.version, dossier.potentials)


async def _complete(world: World, dossier: Dossier) -> Accepted:
    """The kelurahan's part, up to the submission."""
    village = world.registry.acting_as(world.tokens.village(dossier.village.code))
    latest = await village.command("kim.propose", "POST", "/v1/kims", dossier.proposal())
    flaw = dossier.flaw
    if flaw is Flaw.CIVIL_SERVANT:
        attempt = _members(village, dossier, latest, flaw)
        await world.must_refuse("registry", flaw, attempt, AFTERWARDS[flaw])
    if flaw is Flaw.WRONG_OFFICE:
        attempt = _decree(village, dossier, latest, flaw)
        await world.must_refuse("registry", flaw, attempt, AFTERWARDS[flaw])
    if flaw is Flaw.TWO_MEMBERS:
        latest = await _members(village, dossier, latest, flaw)
        await world.must_refuse("registry", flaw, _submit(village, latest), AFTERWARDS[flaw])
    latest = await _members(village, dossier, latest)
    latest = await _decree(village, dossier, latest)
    return await _submit(village, latest)


async def _members(
    village: ServiceClient, dossier: Dossier, latest: Accepted, flaw: Flaw | None = None
) -> Accepted:
    return await village.command(
        "kim.set-members",
        "PUT",
        f"/v1/kims/{latest.id}/members",
        dossier.members(flaw=flaw),
        if_match=latest.version,
        aggregate=latest.id,
    )


async def _decree(
    village: ServiceClient, dossier: Dossier, latest: Accepted, flaw: Flaw | None = None
) -> Accepted:
    return await village.command(
        "kim.set-decree",
        "PUT",
        f"/v1/kims/{latest.id}/decree",
        dossier.decree(flaw=flaw),
        if_match=latest.version,
        aggregate=latest.id,
    )


async def _submit(village: ServiceClient, latest: Accepted) -> Accepted:
    path = f"/v1/kims/{latest.id}/submission"
    return await village.command("kim.submit", "POST", path, aggregate=latest.id)


async def _try_second(world: World, dossier: Dossier) -> None:
    """Complete papers, but the kelurahan has its group: submitting warns, registering refuses."""
    submitted = await _complete(world, dossier)
    diskominfo = world.registry.acting_as(world.tokens.diskominfo())
    registration = diskominfo.command(
        "kim.register",
        "POST",
        f"/v1/kims/{submitted.id}/registration",
        aggregate=submitted.id,
    )
    await world.must_refuse("registry", "seat-taken", registration, SEAT_TAKEN)
    await diskominfo.command(
        "kim.return",
        "POST",
        f"/v1/kims/{submitted.id}/return",
        {"reasons": ["Kelurahan ini sudah memiliki KIM yang terdaftar."]},
        aggregate=submitted.id,
    )


async def _try_foreign(world: World, intruder: Group, group: Group) -> None:
    village = world.registry.acting_as(world.tokens.village(intruder.dossier.village.code))
    attempt = village.command(
        "kim.set-profile",
        "PUT",
        f"/v1/kims/{group.id}/profile",
        group.dossier.profile(group.potentials),
        if_match=group.version,
        aggregate=group.id,
    )
    afterwards = Text("Tidak ada yang berubah.", "Nothing changed.")
    await world.must_refuse("registry", "foreign-region", attempt, afterwards)


async def _try_outdated(world: World, group: Group) -> None:
    attempt = _profile(world, group, group.potentials, group.version - 1)
    afterwards = Text(
        "Perubahan orang lain tidak tertimpa.", "Somebody else's change was not overwritten."
    )
    await world.must_refuse("registry", "version-conflict", attempt, afterwards)
