"""Why a library gave up is sometimes in its log alone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage().splitlines()[0])


@contextmanager
def overheard(library: str) -> Iterator[list[str]]:
    """What a library says from warnings up, the last at the end; nobody else hears it meanwhile."""
    logger, listener = logging.getLogger(library), _Listener()
    before = logger.propagate
    logger.addHandler(listener)
    logger.propagate = False
    try:
        yield listener.heard
    finally:
        logger.removeHandler(listener)
        logger.propagate = before
