"""Apache Kafka's own jars: fetched once, checked against the lock at every start.

`kafka.lock` names each jar by group, artifact, version and SHA-256. Where they come from is
jgo's business (the client's usual Maven repository), so the lock names no host.
"""

import fcntl
import hashlib
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import structlog

from kentongan.local.failures import CannotRunHere
from kentongan.settings.machine import CacheSettings

_log = structlog.get_logger(__name__)
_DOWNLOADS_AT_ONCE = 6


class KafkaFilesUnavailable(CannotRunHere):
    """Kafka's jars are not in the cache, and could not be fetched."""


class KafkaFileAltered(CannotRunHere):
    """A fetched jar is not the one that the lock names: never run it."""


@dataclass(frozen=True, slots=True)
class LockedJar:
    """One line of the lock."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        """The jar's name in our cache; groups keep equal names apart."""
        return f"{self.group}.{self.artifact}-{self.version}.jar"

    def matches(self, file: Path) -> bool:
        """Whether the file's content is what the lock says."""
        try:
            with file.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == self.sha256
        except FileNotFoundError:
            return False


def locked_jars() -> list[LockedJar]:
    """The jars of Kafka's class path, as the repository pins them."""
    text = files("kentongan.local.kafka").joinpath("kafka.lock").read_text()
    return [_parse(line) for line in text.splitlines() if line.strip()]


def _parse(line: str) -> LockedJar:
    coordinate, _, digest = line.partition(" sha256:")
    group, artifact, version = coordinate.split(":")
    return LockedJar(group, artifact, version, digest.strip())


def cached_jars() -> list[Path] | None:
    """The whole class path from the cache, verified; None where a jar is missing or damaged."""
    jars, folder = locked_jars(), _folder()
    paths = [folder / jar.file_name for jar in jars]
    with ThreadPoolExecutor(2) as readers:
        verdicts = list(readers.map(LockedJar.matches, jars, paths))
    return paths if all(verdicts) else None


def kafka_jars() -> list[Path]:
    """Kafka's class path; fetches what the cache lacks, and may block for some seconds.

    Safe when several processes call it at once. Raises KafkaFilesUnavailable or KafkaFileAltered.
    """
    if (paths := cached_jars()) is not None:
        return paths
    with _cache_locked():
        folder = _folder()
        missing = [jar for jar in locked_jars() if not jar.matches(folder / jar.file_name)]
        if missing:
            _log.info("kafka.files_fetching", jars=len(missing), folder=str(folder))
            _fetch(missing, folder)
    return [folder / jar.file_name for jar in locked_jars()]


def kafka_jars_reachable() -> bool:
    """Whether the jars could be fetched now; fetches one small jar, and keeps nothing."""
    sample = next(jar for jar in locked_jars() if jar.artifact == "slf4j-api")
    with tempfile.TemporaryDirectory() as folder:
        try:
            return sample.matches(_download(sample, Path(folder)))
        except KafkaFilesUnavailable:
            return False


def _fetch(jars: list[LockedJar], folder: Path) -> None:
    # A folder of its own for each attempt: an interrupted download leaves nothing to be trusted.
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder) as fetched:
        downloads = ThreadPoolExecutor(_DOWNLOADS_AT_ONCE)
        try:
            sources = list(downloads.map(lambda jar: _download(jar, Path(fetched)), jars))
        finally:
            downloads.shutdown(cancel_futures=True)
        for jar, source in zip(jars, sources, strict=True):
            if not jar.matches(source):
                raise KafkaFileAltered(f"{jar.file_name} differs from the lock; it was not kept")
            source.replace(folder / jar.file_name)


def _download(jar: LockedJar, into: Path) -> Path:
    try:
        # Optional, and slow to import: only where something is missing.
        from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415

        context = MavenContext(resolver=PythonResolver(), repo_cache=into)
        component = context.project(jar.group, jar.artifact).at_version(jar.version)
        return Path(component.artifact().resolve())
    # RuntimeError: not found or a checksum of the download; OSError: requests' network errors.
    except (ImportError, RuntimeError, OSError) as error:
        reason = f"{jar.artifact} {jar.version} could not be fetched, {type(error).__name__}"
        raise KafkaFilesUnavailable(reason) from error


def _folder() -> Path:
    return CacheSettings().folder / "jars"


@contextmanager
def _cache_locked() -> Iterator[None]:
    _folder().mkdir(parents=True, exist_ok=True)
    with (_folder() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
