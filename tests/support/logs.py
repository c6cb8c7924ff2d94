"""What one module logs, whatever logging an earlier test has set up and loggers have kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import structlog
from structlog.testing import LogCapture


@contextmanager
def logged_by(module: ModuleType) -> Iterator[list[Any]]:
    """The entries that the module's `_log` is told while this lasts."""
    capture = LogCapture()
    kept = module._log
    module._log = structlog.wrap_logger(None, processors=[capture])
    try:
        yield capture.entries
    finally:
        module._log = kept
