"""`kentongan doctor --production SERVICE` on a stack that is in order, and on one that isn't."""

import json
from pathlib import Path

from kentongan.testing.running_services import RunningServices
from tests.support.doctor_table import row, rows
from tests.support.key_server import KeyServer


def in_production(keys: Path) -> dict[str, str]:
    return {
        "KENTONGAN_ENVIRONMENT": "production",
        "KENTONGAN_AUTH_JWKS_FILE": str(keys),
        "KENTONGAN_BROADCAST_SECRET": "f3a9c1e07b5d48269e1fa0c4d7b8263540",
    }


async def test_what_is_in_order_and_what_is_doubtful(
    services: RunningServices, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_bytes(KeyServer().document)
    doctor = ("doctor", "--production", "broadcast")
    seen = await services.command(*doctor, settings=in_production(keys))
    assert seen.exit_code == 0, seen.output
    assert "failing" not in seen.output
    for name in ("kafka rights", "kafka group", "topics", "collections and indexes", "key set"):
        assert row(seen, name).state == "fine"
    for doubt in ("KENTONGAN_KAFKA_SECURITY_PROTOCOL", "KENTONGAN_BROADCAST_PUBLIC_URL"):
        assert row(seen, doubt).state == "doubtful"
        assert row(seen, doubt).remedy

    strict = await services.command(*doctor, "--strict", settings=in_production(keys))
    assert strict.exit_code == 3


async def test_what_would_fail_comes_with_its_remedy_and_nothing_is_made(
    services: RunningServices, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": []}))
    settings = in_production(keys) | {
        "KENTONGAN_KAFKA_TOPIC_PREFIX": "nobody-made.",
        "KENTONGAN_MONGO_DATABASE_PREFIX": "nobody_made_",
    }
    for _ in range(2):
        seen = await services.command("doctor", "--production", "broadcast", settings=settings)
        assert seen.exit_code == 1
        topics, layout = row(seen, "topics"), row(seen, "collections and indexes")
        assert "nobody-made.broadcast.contents: missing" in topics.detail
        assert "kentongan topics apply" in topics.remedy
        assert "kentongan storage apply" in layout.remedy
        assert "0 keys, none with a `kid`" in row(seen, "key set").detail
        assert {each.state for each in (topics, layout, row(seen, "key set"))} == {"failing"}


async def test_only_what_a_role_needs_is_looked_at(
    services: RunningServices, tmp_path: Path
) -> None:
    settings = in_production(tmp_path / "none") | {
        "KENTONGAN_AUTH_JWKS_FILE": "",
        "KENTONGAN_AUTH_JWKS_URL": "http://127.0.0.1:9/jwks",
    }
    doctor = ("doctor", "--production", "broadcast", "--role", "relay")
    seen = await services.command(*doctor, settings=settings)
    assert seen.exit_code == 0, seen.output
    assert not {"kafka group", "key set"} & {each.name for each in rows(seen)}


async def test_wrong_words_are_refused(services: RunningServices) -> None:
    for words in (
        ("--production", "register"),
        ("--production", "registry", "--role", "courier"),
        ("--strict",),
    ):
        assert (await services.command("doctor", *words)).exit_code == 2
