"""compile.py SERVICE: bytecode for what a process imports, and for nothing else.

pip would compile every module of every dependency, a third of the image, most of which no process
ever loads. The root is read-only later: what isn't compiled now is compiled at each start.
"""

import compileall
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

SERVERS = ("uvicorn.loops.uvloop", "uvicorn.protocols.http.httptools_impl", "uvicorn.lifespan.off")
"""What uvicorn imports by a name in its settings."""


def load(name: str) -> None:
    """Import it, unless it wants a part that images leave out, as `kentongan up` does."""
    try:
        import_module(name)
    except ModuleNotFoundError as missing:
        if not (missing.name or "").startswith(("kentongan.demo", "kentongan.local")):
            raise


def main(service: str) -> None:
    """Import all modules of the kit and the service; Python writes down what that compiles."""
    for root in ("kentongan", f"services.{service}"):
        package = import_module(root)
        compileall.compile_dir(Path(package.__path__[0]), quiet=1)
        for module in pkgutil.walk_packages(package.__path__, f"{root}."):
            if not module.name.endswith("__main__"):
                load(module.name)
    for name in SERVERS:
        import_module(name)


main(sys.argv[1])
