"""Where the commands are that deployment needs: named by a variable, on PATH, or in the cache."""

import os
import shutil
import sys
from pathlib import Path

CACHE = Path.home() / ".cache" / "kentongan" / "tools"
KUBERNETES = CACHE / "kubernetes-1.36.3"
PLACES = (KUBERNETES, CACHE / "bin", Path(sys.executable).parent)


class ToolMissing(LookupError):
    """A command is nowhere; the message says how to get it."""


def find(name: str) -> Path:
    """The command's path: `KENTONGAN_<NAME>`, what was built for the project, then PATH.

    Raises ToolMissing.
    """
    given = os.environ.get(f"KENTONGAN_{name.upper().replace('-', '_')}")
    for path in (given, *(str(place / name) for place in PLACES), shutil.which(name)):
        if path and os.access(path, os.X_OK) and Path(path).is_file():
            return Path(path)
    raise ToolMissing(f"{name}: not found; `tests/deploy/lab/kubernetes/build.sh {name}` builds it")
