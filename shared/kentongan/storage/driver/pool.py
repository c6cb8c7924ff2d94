"""How many connections a client's pools hold, and how many of them are in use."""

import threading
from collections.abc import Callable
from typing import Any

from pymongo.monitoring import ConnectionPoolListener


class PoolListener(ConnectionPoolListener):
    """Counts over all pools of one client; told by the driver, from whichever thread it is in."""

    def __init__(self, told: Callable[[int, int], None]) -> None:
        self._told = told
        self._lock = threading.Lock()
        self._connections = self._in_use = 0
        told(0, 0)

    def connection_created(self, event: Any) -> None:
        """One more; it is connecting."""
        self._change(connections=1)

    def connection_closed(self, event: Any) -> None:
        """One less, for whatever reason."""
        self._change(connections=-1)

    def connection_checked_out(self, event: Any) -> None:
        """An operation has one."""
        self._change(in_use=1)

    def connection_checked_in(self, event: Any) -> None:
        """It gave it back, sound or broken."""
        self._change(in_use=-1)

    def pool_created(self, event: Any) -> None:
        """A server was discovered."""

    def pool_ready(self, event: Any) -> None:
        """The server answers."""

    def pool_cleared(self, event: Any) -> None:
        """The server failed; its connections are closed one by one."""

    def pool_closed(self, event: Any) -> None:
        """The server is gone, or the client is closed."""

    def connection_ready(self, event: Any) -> None:
        """It was authenticated."""

    def connection_check_out_started(self, event: Any) -> None:
        """An operation asks for one."""

    def connection_check_out_failed(self, event: Any) -> None:
        """It got none."""

    def _change(self, *, connections: int = 0, in_use: int = 0) -> None:
        with self._lock:
            self._connections += connections
            self._in_use += in_use
            self._told(self._connections, self._in_use)
