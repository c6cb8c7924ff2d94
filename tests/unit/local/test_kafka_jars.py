import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kentongan.local.kafka import jars as kafka_jars
from kentongan.local.kafka.jars import KafkaFileAltered, KafkaFilesUnavailable, LockedJar


def jar(name: str) -> LockedJar:
    return LockedJar("org.example", name, "1.0", hashlib.sha256(name.encode()).hexdigest())


class Registry:
    """Stands in for the Maven repository."""

    def __init__(self) -> None:
        self.downloads = 0
        self.away = False
        self.altered = False
        self._counting = threading.Lock()

    def download(self, wanted: LockedJar, into: Path) -> Path:
        with self._counting:
            self.downloads += 1
        if self.away:
            raise KafkaFilesUnavailable(wanted.artifact)
        file = into / wanted.file_name
        file.write_text(wanted.artifact + ("!" if self.altered else ""))
        return file


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setenv("KENTONGAN_CACHE", str(tmp_path))
    standing_in = Registry()
    monkeypatch.setattr(kafka_jars, "_download", standing_in.download)
    monkeypatch.setattr(kafka_jars, "locked_jars", lambda: [jar("one"), jar("two")])
    yield standing_in


def test_the_lock_pins_every_jar_and_names_no_host() -> None:
    jars = kafka_jars.locked_jars()
    assert {"kafka_2.13", "kafka-clients", "slf4j-simple"} <= {each.artifact for each in jars}
    assert {each.version for each in jars if each.group == "org.apache.kafka"} == {"4.3.1"}
    assert all(len(bytes.fromhex(each.sha256)) == 32 for each in jars)
    text = (Path(kafka_jars.__file__).parent / "kafka.lock").read_text()
    assert "http" not in text
    assert "/" not in text


def test_jars_are_fetched_once(registry: Registry, tmp_path: Path) -> None:
    assert kafka_jars.cached_jars() is None
    paths = kafka_jars.kafka_jars()
    assert [path.read_text() for path in paths] == ["one", "two"]
    assert kafka_jars.kafka_jars() == paths == kafka_jars.cached_jars()
    assert registry.downloads == 2
    assert not list((tmp_path / "jars").glob(".fetch-*"))


def test_a_damaged_jar_is_fetched_again(registry: Registry) -> None:
    damaged, _ = kafka_jars.kafka_jars()
    damaged.write_text("damaged")
    kafka_jars.kafka_jars()
    assert damaged.read_text() == "one"
    assert registry.downloads == 3


def test_a_jar_that_differs_from_the_lock_is_refused_and_not_kept(registry: Registry) -> None:
    registry.altered = True
    with pytest.raises(KafkaFileAltered):
        kafka_jars.kafka_jars()
    assert kafka_jars.cached_jars() is None


def test_a_repository_out_of_reach_is_said_so_and_harms_nothing(registry: Registry) -> None:
    registry.away = True
    with pytest.raises(KafkaFilesUnavailable):
        kafka_jars.kafka_jars()
    registry.away = False
    assert len(kafka_jars.kafka_jars()) == 2


def test_several_at_once_fetch_each_jar_once(registry: Registry) -> None:
    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda _: kafka_jars.kafka_jars(), range(4)))
    assert all(result == results[0] for result in results)
    assert registry.downloads == 2
