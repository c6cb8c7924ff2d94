"""One server in a container, by testcontainers: made, killed, frozen and started again."""

import asyncio
import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kentongan.local.failures import CannotRunHere
from kentongan.local.polling import wait_until
from kentongan.local.ports import LOOPBACK

if TYPE_CHECKING:
    from testcontainers.core.container import DockerContainer

_READY_SECONDS = 90.0
_ENVIRONMENT = {
    # Who removes containers after a crash of the run comes from an image registry.
    "TESTCONTAINERS_RYUK_DISABLED": "true",
    # Ports are published on loopback, also where the run believes to be in a container itself.
    "TESTCONTAINERS_HOST_OVERRIDE": LOOPBACK,
    "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
}


class ContainerServer:
    """One server in a container of this image; its data go with the container.

    `setting` names the variable that says which image, for whoever has to be told.
    """

    def __init__(
        self,
        image: str,
        setting: str,
        *,
        port: int,
        command: Sequence[str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.image = image
        self.port = port
        self.name = f"kentongan-test-{uuid.uuid4().hex[:12]}"
        self._setting = setting
        self._command = list(command) if command else None
        self._variables = dict(environment or {})
        self._container: DockerContainer | None = None

    @property
    def process(self) -> "ContainerServer":
        """Itself: `pid` and `running` are those of the container's first process."""
        return self

    @property
    def pid(self) -> int:
        """The process id of the latest start, as the engine's machine has it."""
        return int(self._state()["Pid"])

    @property
    def running(self) -> bool:
        """Whether the container was started and has not ended."""
        return self._container is not None and bool(self._state()["Running"])

    def create(self, watch: Callable[[str], None]) -> None:
        """Start a new container, having told `watch` its name.

        Raises CannotRunHere, naming image and setting.
        """
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        # Only now: testcontainers reads its environment when it is imported.
        from docker.errors import DockerException  # noqa: PLC0415
        from testcontainers.core.container import DockerContainer  # noqa: PLC0415

        try:
            container = DockerContainer(self.image, env=self._variables, name=self.name)
            if self._command is not None:
                container.with_command(self._command)
            container.ports[f"{self.port}/tcp"] = (LOOPBACK, self.port)  # type: ignore[assignment]
            self._container = container
            watch(self.name)
            container.start()
        except DockerException as error:
            raise CannotRunHere(f"{self._setting}={self.image}: {error}") from error

    def again(self) -> None:
        """Start the ended container again."""
        self._engines().start()

    def end(self, *, at_once: bool) -> None:
        """End the server, cleanly or as a crash would, and wait until it is gone."""
        if at_once:
            self._engines().kill()
        else:
            self._engines().stop(timeout=15)
        self._engines().wait(timeout=30)

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        self._engines().pause()

    def resume(self) -> None:
        """Let it go on."""
        self._engines().unpause()

    def remove(self) -> None:
        """Delete the container with its data; harmless where there is none."""
        container, self._container = self._container, None
        if container is not None:
            container.stop()

    def log_tail(self) -> str:
        """The last lines that the server wrote."""
        return str(self._engines().logs(tail=20).decode(errors="replace"))

    async def wait_ready(self, ready: Callable[[], Any]) -> None:
        """Wait for `ready`; says what the server wrote where it ends or is late."""
        waiting = asyncio.ensure_future(ready())
        try:
            await wait_until(lambda: waiting.done() or not self.running, seconds=_READY_SECONDS)
            if not waiting.done():
                raise CannotRunHere(f"{self._setting}={self.image}: not ready\n{self.log_tail()}")
            await waiting
        finally:
            waiting.cancel()

    def _state(self) -> dict[str, Any]:
        engines = self._engines()
        engines.reload()
        state: dict[str, Any] = engines.attrs["State"]
        return state

    def _engines(self) -> Any:
        """The container as the engine's client has it."""
        if self._container is None:
            raise RuntimeError(f"{self.image} was never started")
        return self._container.get_wrapped_container()
