"""The images that a node runs: built by the laboratory's engine, saved as one archive."""

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.generate.tools import CACHE
from kentongan.process.service import service_names

HERE = Path(__file__).parent
LAB = HERE.parent
ROOT = HERE.parents[3]
BASE = "local/python-base:bookworm"
PAUSE = "local/pause:1"
TAG, NEXT = "cluster", "cluster-next"
"""The same content under two names: an upgrade replaces every pod."""
ARCHIVES = CACHE.parent / "node-images"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
_LONG = 1_800


@contextmanager
def engine() -> Iterator[Mapping[str, str]]:
    """The laboratory's engine as an environment; ended again where it was not up before."""
    script = str(LAB / "engine")
    was_up = _answers(_environment(_said(script, "address")))
    environment = _environment(_said(script, "up"))
    try:
        yield environment
    finally:
        if not was_up:
            _said(script, "down")


def archive(environment: Mapping[str, str]) -> Path:
    """Build what is not there yet, and save all of it, where the same was not saved before."""
    names = _run([LAB / "images", "kafka", "mongo"], environment).split()
    own = {**environment, "BASE": BASE, "TAG": TAG}
    if AUTHORITIES.exists():
        own["CA"] = str(AUTHORITIES)
    _run([ROOT / "deploy" / "images" / "build"], own)
    for service in service_names():
        image = f"kentongan/{service}"
        _run(["docker", "tag", f"{image}:{TAG}", f"{image}:{NEXT}"], environment)
        names += [f"{image}:{TAG}", f"{image}:{NEXT}"]
    _pause(environment)
    names.append(PAUSE)
    ids = _run(["docker", "image", "inspect", "--format", "{{.Id}}", *names], environment)
    path = ARCHIVES / f"{hashlib.sha256(ids.encode()).hexdigest()[:20]}.tar"
    if not path.exists():
        ARCHIVES.mkdir(parents=True, exist_ok=True)
        for old in ARCHIVES.glob("*.tar"):
            old.unlink()
        unfinished = path.with_suffix(".part")
        _run(["docker", "save", "--output", unfinished, *names], environment)
        unfinished.rename(path)
    return path


def _pause(environment: Mapping[str, str]) -> None:
    there = ["docker", "image", "inspect", PAUSE]
    if subprocess.run(there, env=environment, capture_output=True, check=False).returncode == 0:
        return
    with tempfile.TemporaryDirectory() as folder:
        built = {**environment, "CGO_ENABLED": "0"}
        _run(["go", "build", "-o", Path(folder) / "pause", "."], built, at=HERE / "pause")
        tar = subprocess.run(["tar", "-C", folder, "-c", "pause"], capture_output=True, check=True)
        command = ["docker", "import", "--change", 'ENTRYPOINT ["/pause"]', "-", PAUSE]
        subprocess.run(command, input=tar.stdout, env=environment, check=True, capture_output=True)


def _run(command: Sequence[str | Path], environment: Mapping[str, str], at: Path = ROOT) -> str:
    """What a command printed; its errors are shown."""
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        check=True,
        timeout=_LONG,
        cwd=at,
    )
    return done.stdout


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=_LONG)
    return done.stdout


def _environment(exports: str) -> dict[str, str]:
    """This process's environment with what the script exports."""
    found = dict(os.environ)
    for name, value in re.findall(r"(\w+)=(\S+)", exports):
        found[name] = value.replace("$PATH", found["PATH"])
    return found


def _answers(environment: Mapping[str, str]) -> bool:
    asked = subprocess.run(
        ["docker", "version"], env=environment, capture_output=True, check=False, timeout=30
    )
    return asked.returncode == 0
