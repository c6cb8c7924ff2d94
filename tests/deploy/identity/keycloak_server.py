"""A real Keycloak for the tests: fetched once, checked by its hash, built once, run on loopback."""

import fcntl
import hashlib
import os
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from jgo.maven import MavenContext, PythonResolver
from kentongan.local.settings import CacheSettings

from kentongan.local.kafka.java import JavaNotFound, find_java
from kentongan.local.polling import wait_until
from kentongan.local.ports import LOOPBACK, free_port
from kentongan.local.processes import ChildProcess

VERSION = "26.7.3"
SHA256 = "27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f"
BUILT_FOR = "dev-mem"
ADMIN, ADMIN_PASSWORD = "admin", "an-administrator-of-this-test"
START_SECONDS = 900.0
SMALL = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms64m", "-Xmx512m")
OPENED = (
    *(f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("util", "security", "lang")),
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
)
"""What Keycloak's own script opens. The script itself would outlive us with its Java behind it."""


class KeycloakServer:
    """One Keycloak with realms imported at its start; all it holds is gone when it stops."""

    def __init__(self, folder: Path, realms: dict[str, str]) -> None:
        self.url = f"http://{LOOPBACK}:{free_port()}"
        self.log = folder / "keycloak.log"
        home = _home_of_its_own(folder / "keycloak")
        for name, document in realms.items():
            (home / "data" / "import" / f"{name}.json").write_text(document)
        self._realms = list(realms)
        self._process = ChildProcess(
            "keycloak",
            [
                *(str(_java()), *SMALL, *OPENED, f"-Dkc.home.dir={home}"),
                f"-Djboss.server.config.dir={home / 'conf'}",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                *("-cp", str(home / "lib" / "quarkus-run.jar")),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                *("start", "--optimized", "--import-realm", "--http-enabled=true"),
                *(f"--http-host={LOOPBACK}", f"--http-port={httpx.URL(self.url).port}"),
                f"--http-management-port={free_port()}",
                *("--hostname-strict=false", "--cache=local"),
            ],
            log_file=self.log,
            environment={
                "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
                "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN_PASSWORD,
            },
        )

    async def start(self) -> None:
        """Start it, and wait until every realm is there."""
        self._process.start()
        there = await wait_until(self._serves_all, seconds=START_SECONDS, every=0.5)
        assert there, self._process.log_tail()

    async def stop(self) -> None:
        """End it."""
        await self._process.stop()

    def realm(self, name: str) -> str:
        """The realm's URL, which is the issuer of its tokens."""
        return f"{self.url}/realms/{name}"

    def _serves_all(self) -> bool:
        self._process.raise_if_ended()
        # Its keys, not the realm's own page: that one would have an RSA key made for it.
        keys = [f"{self.realm(name)}/protocol/openid-connect/certs" for name in self._realms]
        try:
            with httpx.Client(trust_env=False, timeout=60) as http:
                found = [http.get(address).status_code for address in keys]
        except httpx.TransportError:
            return False
        return set(found) == {httpx.codes.OK}


def built_distribution() -> Path:
    """The unpacked distribution, with its build done; made once for a version and its options."""
    folder = CacheSettings().folder / "keycloak" / f"{VERSION}-{SHA256[:12]}-{BUILT_FOR}"
    with _locked(folder.parent):
        if not folder.exists():
            with tempfile.TemporaryDirectory(prefix=".making-", dir=folder.parent) as making:
                _build(_unpacked(_fetched(Path(making)), Path(making))).rename(folder)
    return folder


def _fetched(into: Path) -> Path:
    context = MavenContext(resolver=PythonResolver(), repo_cache=into / "repository")
    component = context.project("org.keycloak", "keycloak-quarkus-dist").at_version(VERSION)
    archive = Path(component.artifact(packaging="zip").resolve())
    with archive.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    assert found == SHA256, f"{archive.name} is not the one that was pinned"
    return archive


def _unpacked(archive: Path, into: Path) -> Path:
    with zipfile.ZipFile(archive) as files:
        files.extractall(into)
    home = into / f"keycloak-{VERSION}"
    for script in (home / "bin").glob("*.sh"):
        script.chmod(0o755)
    return home


def _build(home: Path) -> Path:
    subprocess.run(
        [str(home / "bin" / "kc.sh"), "build", f"--db={BUILT_FOR}"],
        env={**os.environ, "JAVA_HOME": str(_java().parent.parent)},
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=900,
    )
    return home


def _home_of_its_own(home: Path) -> Path:
    """A server's folder: its own data, the distribution's libraries."""
    built = built_distribution()
    (home / "data" / "import").mkdir(parents=True)
    for name in ("conf", "lib", "providers", "themes"):
        (home / name).symlink_to(built / name)
    return home


def _java() -> Path:
    java = find_java()
    if java is None:
        raise JavaNotFound("Keycloak needs Java 21 or newer")
    return java.resolve()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
