"""Makes `.venv` with the hash-pinned dependencies; says clearly what a bare machine lacks."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def main() -> None:
    """Create the virtual environment where it is missing, and install what the lock names."""
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"Python 3.11 atau lebih baru diperlukan, ditemukan {found}; pakai PYTHON=... /\n"
            f"Python 3.11 or newer is needed, found {found}; name another one with PYTHON=..."
        )
    python = VENV / "bin" / "python"
    if not python.exists():
        try:
            import ensurepip  # noqa: F401, PLC0415  # Debian ships Python without it
        except ImportError:
            sys.exit(
                "Modul venv tidak ada; pasang paket python3-venv /\n"
                "The venv module is missing; install the package python3-venv"
            )
        run(sys.executable, "-m", "venv", str(VENV))
    pip = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "development.txt"))
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def run(*command: str) -> None:
    """Run one step; end with its exit code where it fails."""
    code = subprocess.run(command, check=False, cwd=ROOT).returncode
    if code:
        sys.exit(code)


if __name__ == "__main__":
    main()
