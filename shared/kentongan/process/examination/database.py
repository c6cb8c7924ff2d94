"""MongoDB as a process of the service would meet it: reachable, a replica set, rights, layout."""

from collections.abc import Iterator, Sequence

from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.built import Built
from kentongan.process.clocks import TOKENS_SUFFER_SECONDS, is_apart
from kentongan.process.examination.findings import Finding, doubtful, failing, fine
from kentongan.process.service import Assembly, Resources
from kentongan.process.storage_layout import missing_layout
from kentongan.storage.driver import Database, Granted, Greeting, granted, greet
from kentongan.storage.errors import StorageUnavailable

FEWEST_MEMBERS = 3


async def examine_database(assembly: Assembly, resources: Resources) -> list[Finding]:
    """In the order in which a start would stumble; nothing is changed."""
    database = resources.database
    try:
        greeting = await greet(database, resources.clock)
    except StorageUnavailable as error:
        return [
            failing(
                "mongodb",
                str(error),
                "Periksa KENTONGAN_MONGO_URI, kata sandi, jaringan, dan sertifikat.",
                "Check KENTONGAN_MONGO_URI, the password, the network and the certificate.",
            )
        ]
    findings = [judge_set(greeting), judge_clock(greeting)]
    try:
        findings.extend(judge_rights(await granted(database), database.name))
        findings.extend(await _layout(assembly, database))
    except StorageUnavailable as error:
        findings.append(
            failing(
                "mongodb rights",
                str(error),
                f"Beri pengguna ini readWrite pada basis data {database.name}.",
                f"Grant this user readWrite on the database {database.name}.",
            )
        )
    return findings


def judge_set(greeting: Greeting) -> Finding:
    """Transactions and change streams need a replica set; one member is no copy."""
    if greeting.sharded:
        return fine("mongodb", "a sharded cluster")
    if greeting.replica_set is None:
        return failing(
            "mongodb",
            "reachable, but no replica set: transactions and change streams need one",
            "Jalankan mongod dengan --replSet, lalu rs.initiate().",
            "Run mongod with --replSet, then rs.initiate().",
        )
    members = len(greeting.members)
    detail = f"replica set {greeting.replica_set}, {members} members"
    if members < FEWEST_MEMBERS:
        return doubtful(
            "mongodb",
            f"{detail}: with the loss of one, everything stands still or is lost",
            "Tambahkan anggota sampai tiga, pada mesin yang berlainan.",
            "Add members up to three, on different machines.",
        )
    return fine("mongodb", detail)


def judge_clock(greeting: Greeting) -> Finding:
    """Tokens are refused, and events dated, by the process's clock."""
    detail = (
        f"the database's is {greeting.clock_difference:+.1f} s from the process's "
        f"(± {greeting.round_trip / 2:.1f})"
    )
    remedy = (
        "Samakan jam semua mesin (chrony atau systemd-timesyncd).",
        "Keep the clocks of all machines together (chrony or systemd-timesyncd).",
    )
    if is_apart(greeting, TOKENS_SUFFER_SECONDS):
        return failing("clocks", f"{detail}: valid tokens will be refused", *remedy)
    if is_apart(greeting):
        return doubtful("clocks", detail, *remedy)
    return fine("clocks", detail)


def judge_rights(found: Granted, database: str) -> Iterator[Finding]:
    """All that `readWrite` grants, on this database, and nothing beside it."""
    remedy = (
        f"Beri pengguna ini readWrite pada basis data {database} saja.",
        f"Grant this user readWrite on the database {database} alone.",
    )
    if not found.users:
        yield fine("mongodb rights", "nobody logged in, so nobody is held back")
    elif found.missing:
        yield failing("mongodb rights", f"lacks {', '.join(sorted(found.missing))}", *remedy)
    elif found.elsewhere:
        others = ", ".join(found.elsewhere)
        yield doubtful("mongodb rights", f"may also write to {others}", *remedy)
    else:
        yield fine("mongodb rights", f"{found.users[0]}: all that is needed on {database}")


async def _layout(assembly: Assembly, database: Database) -> Sequence[Finding]:
    built = Built(bind(assembly.subscriptions, database), database)
    missing, unbuilt = await missing_layout(assembly, database, built)
    if missing:
        return [
            failing(
                "collections and indexes",
                f"{len(missing)} missing: {', '.join(map(str, missing[:3]))}"
                + (", …" if len(missing) > 3 else ""),
                "Jalankan `kentongan storage apply`.",
                "Run `kentongan storage apply`.",
            )
        ]
    detail = "as the service wants them"
    if unbuilt:
        detail += f"; to be built at the start: {', '.join(unbuilt)}"
    return [fine("collections and indexes", detail)]
