"""Pins all dependencies with hashes; refuses a lock that would name a registry's host."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "runtime.txt": (
        *("--extra", "registry", "--extra", "placement"),
        *("--extra", "broadcast", "--extra", "scoring"),
    ),
    "development.txt": ("--all-extras",),
}


def main() -> None:
    """Write both locks through a `uv` of its own, so that the project does not depend on it."""
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "venv", folder)
        run(f"{folder}/bin/pip", "install", "--quiet", "uv")
        for name, extras in LOCKS.items():
            lock = ROOT / "requirements" / name
            run(
                *(f"{folder}/bin/uv", "pip", "compile", "--quiet", "--universal"),
                *("--generate-hashes", "--no-header", "--python-version", "3.11"),
                *("--no-emit-index-url", "--no-emit-find-links", *extras),
                *("pyproject.toml", "-o", str(lock)),
            )
            if re.search(r"https?://|--index|--find-links", lock.read_text()):
                sys.exit(f"{lock.name} names a registry's host: do not commit it")


def run(*command: str) -> None:
    """Run one step in the project's root; raise where it fails."""
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
