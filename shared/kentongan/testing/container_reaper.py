"""A process that outlives a test run by a moment, to remove the containers that it leaves.

Testcontainers has a container for that, which comes from an image registry. This one is told
the containers' names on its standard input, and removes them when that ends, however the run did.
"""

import subprocess
import sys
from typing import IO


class Reaper:
    """The end of the run that names containers; the process is started with the first."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def watch(self, container: str) -> None:
        """From now on this container goes when the run does."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                text=True,
                # Ctrl-C and the end of a session reach the run alone.
                start_new_session=True,
            )
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(f"{container}\n")
        stdin.flush()

    def dismiss(self) -> None:
        """Remove what is left, and wait until that is done."""
        process, self._process = self._process, None
        if process is not None:
            process.communicate(timeout=60)


def reap(told: IO[str]) -> None:
    """Read names until there are no more, then remove those containers that still exist."""
    names = [line.strip() for line in told]
    import docker  # noqa: PLC0415 - most runs have no container
    from docker.errors import DockerException, NotFound  # noqa: PLC0415

    client = docker.from_env()
    for name in names:
        try:
            client.containers.get(name).remove(force=True, v=True)
        except NotFound:
            continue
        except DockerException as error:
            print(f"container {name} is left: {error}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    reap(sys.stdin)
