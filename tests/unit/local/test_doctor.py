from pathlib import Path

import pytest

from kentongan.local import doctor
from kentongan.local.doctor import Finding, diagnose
from kentongan.settings.machine import LocalSettings


def finding(name: str, settings: LocalSettings) -> Finding:
    return next(each for each in diagnose(settings) if each.name == name)


@pytest.fixture
def settings(tmp_path: Path) -> LocalSettings:
    return LocalSettings(data_folder=tmp_path / "not" / "yet", mongo_uri=None)


def test_what_is_missing_comes_with_a_remedy_in_both_languages(
    settings: LocalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_mongod", lambda: None)
    missing = finding("mongod", settings)
    assert not missing.ok
    assert missing.required
    assert "KENTONGAN_MONGO_URI" in missing.remedy_id
    assert "KENTONGAN_MONGO_URI" in missing.remedy_en


def test_a_mongod_that_cannot_run_is_told_from_a_missing_one(
    settings: LocalSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    binary = tmp_path / "mongod"
    binary.write_text("#!/bin/sh\necho 'libcurl.so.4: cannot open shared object' >&2\nexit 127\n")
    binary.chmod(0o755)
    monkeypatch.setattr(doctor, "find_mongod", lambda: binary)
    broken = finding("mongod", settings)
    assert not broken.ok
    assert "libcurl.so.4" in broken.detail
    assert "apt-get install libcurl4" in broken.remedy_en


def test_what_an_address_replaces_is_not_required(
    settings: LocalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_mongod", lambda: None)
    elsewhere = settings.model_copy(update={"mongo_uri": "mongodb://mongo.test/"})
    assert not finding("mongod", elsewhere).required


def test_kafka_files_out_of_reach_are_said(
    settings: LocalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "cached_jars", lambda: None)
    monkeypatch.setattr(doctor, "kafka_jars_reachable", lambda: False)
    monkeypatch.setattr(doctor, "find_light_broker", lambda: None)
    unreachable = finding("kafka-files", settings)
    assert not unreachable.ok
    assert unreachable.required


def test_a_service_that_cannot_be_loaded_is_named_with_what_it_lacks(
    settings: LocalSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacking(name: str) -> None:
        if name == "broadcast":
            raise ModuleNotFoundError("No module named 'nh3'")

    monkeypatch.setattr(doctor, "find_service", lacking)
    services = finding("services", settings)
    assert not services.ok
    assert services.required
    assert services.detail == "broadcast: No module named 'nh3'"


def test_little_memory_is_said_but_stops_nobody(
    settings: LocalSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    figures = tmp_path / "meminfo"
    figures.write_text("MemTotal: 4000000 kB\nMemAvailable: 900000 kB\n")
    monkeypatch.setattr(doctor, "_MEMORY", figures)
    memory = finding("memory", settings)
    assert (memory.ok, memory.required, memory.detail) == (False, False, "0.9 GB available")
    monkeypatch.setattr(doctor, "_MEMORY", tmp_path / "none")
    assert finding("memory", settings).ok
