"""`python -m tests.deploy.cluster.stamp fresh|write`: whether this content has passed before.

`fresh` ends with 0 where nothing that the cluster test is about has changed since it last passed
on this machine, and says so; with 1 otherwise.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.generate.tools import CACHE

ROOT = Path(__file__).resolve().parents[3]
ABOUT = (
    "deploy/helm",
    "deploy/images",
    "deploy/kubernetes",
    "requirements",
    "shared/kentongan/process",
    "shared/kentongan/settings",
    "tests/deploy/cluster",
    "tests/deploy/lab",
)
SETTINGS = "services/*/settings.py"
STAMPS = CACHE.parent / "passed"


def content() -> str:
    """A hash over names and contents of all that the test is about."""
    digest = hashlib.sha256()
    for path in sorted(_files()):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    yield from ROOT.glob(SETTINGS)
    for name in ABOUT:
        for path in (ROOT / name).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def main() -> int:
    """Answer or write."""
    stamp = STAMPS / f"cluster-{content()}"
    if sys.argv[1:] == ["write"]:
        STAMPS.mkdir(parents=True, exist_ok=True)
        for old in STAMPS.glob("cluster-*"):
            old.unlink()
        stamp.touch()
        return 0
    if not stamp.exists():
        return 1
    sys.stdout.write(
        "left out: cluster-test, which passed here with the same deployment, process and settings "
        f"({stamp.name[:20]}…)\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
