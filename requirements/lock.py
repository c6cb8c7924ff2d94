"""Pins all dependencies with hashes; refuses a lock that would name a registry's host.

    python3 requirements/lock.py [NAME.txt …]     # all where none is named

A service's own lock is what its image installs: the versions of `runtime.txt`, no others. What
builds an image (`images.txt`) is in none.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("registry", "placement", "broadcast", "scoring")
LOCKS = {
    "runtime.txt": tuple(word for name in SERVICES for word in ("--extra", name)),
    **{
        f"{name}.txt": ("--extra", name, "--constraints", "requirements/runtime.txt")
        for name in SERVICES
    },
    "development.txt": ("--all-extras",),
    "images.txt": ("--group", "images"),
}


def main() -> None:
    """Write the locks through a `uv` of its own, so that the project does not depend on it."""
    wanted = sys.argv[1:] or list(LOCKS)
    if unknown := set(wanted) - set(LOCKS):
        sys.exit(f"no such lock: {', '.join(sorted(unknown))}; there are {', '.join(LOCKS)}")
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "venv", folder)
        run(f"{folder}/bin/pip", "install", "--quiet", "uv")
        for name, chosen in LOCKS.items():
            if name not in wanted:
                continue
            lock = ROOT / "requirements" / name
            # Only what builds an image stands on its own, without the project's dependencies.
            source = () if "--group" in chosen else ("pyproject.toml",)
            run(
                *(f"{folder}/bin/uv", "pip", "compile", "--quiet", "--universal"),
                *("--generate-hashes", "--no-header", "--python-version", "3.11"),
                *("--no-emit-index-url", "--no-emit-find-links", *chosen),
                *(*source, "-o", str(lock)),
            )
            if re.search(r"https?://|--index|--find-links", lock.read_text()):
                sys.exit(f"{lock.name} names a registry's host: do not commit it")


def run(*command: str) -> None:
    """Run one step in the project's root; raise where it fails."""
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
