"""The one place that decides where the tests' Kafka and MongoDB come from.

`KENTONGAN_TEST_KAFKA` and `KENTONGAN_TEST_MONGO` name addresses; what they leave open is an
embedded stack in a temporary folder, or with `KENTONGAN_TEST_STACK=containers` containers.
Never the addresses that services are run with: tests drop databases.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import SettingsConfigDict

from kentongan.local.stack import EmbeddedStack
from kentongan.settings import EnvironmentSettings
from kentongan.settings.machine import LocalSettings
from kentongan.testing.containers import ContainerStack
from kentongan.testing.stacks import BreakableStack

Answer = TypeVar("Answer")

_PREFIX = "KENTONGAN_TEST_"
_KAFKA, _MONGO = f"{_PREFIX}KAFKA", f"{_PREFIX}MONGO"
_LEVELS_WITHOUT_STACK = {"unit", "contract", "architecture"}


class StackSettings(EnvironmentSettings):
    """What the tests run against."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX)

    kafka: str | None = Field(
        default=None, description="Kafka address, instead of an embedded one."
    )
    mongo: str | None = Field(default=None, description="MongoDB URI, instead of an embedded one.")
    stack: Literal["embedded", "containers", "none"] = Field(
        default="embedded",
        description="Where they come from; `none` never starts any.",
    )
    kafka_image: str = Field(
        default="apache/kafka:4.3.1", min_length=1, description="Kafka's image, for containers."
    )
    mongo_image: str = Field(
        default="mongo:8.0", min_length=1, description="MongoDB's image, for containers."
    )
    require_all: bool = Field(
        default=False, description="A skipped test fails the run: what should run here, runs."
    )


class WrongTestSettings(ValueError):
    """The environment asks for tests that there aren't; each variable is named."""


class NoStackAllowed(RuntimeError):
    """A test wants Kafka or MongoDB, and KENTONGAN_TEST_STACK=none forbids starting them."""


@dataclass(frozen=True, slots=True)
class Backends:
    """The addresses that a test run uses."""

    kafka_bootstrap: str
    mongo_uri: str
    description: tuple[str, ...]


class RunBackends:
    """Kafka and MongoDB of one test run: started at the first `get`, ended by `stop`."""

    def __init__(self) -> None:
        self._stack: BreakableStack | None = None
        self._backends: Backends | None = None
        self._exported: list[str] = []

    @property
    def started(self) -> Backends | None:
        """The addresses, where somebody asked for them."""
        return self._backends

    def get(self) -> Backends:
        """The addresses of this run; starts the embedded stack where they name none."""
        if self._backends is None:
            self._backends = self._begin()
        return self._backends

    def export(self) -> None:
        """Give the addresses to child processes: xdist's workers share the controller's stack."""
        backends = self.get()
        for name, value in ((_KAFKA, backends.kafka_bootstrap), (_MONGO, backends.mongo_uri)):
            if name not in os.environ:
                os.environ[name] = value
                self._exported.append(name)

    def stop(self) -> None:
        """End what was started; harmless when nothing was."""
        stack, self._stack, self._backends = self._stack, None, None
        for name in self._exported:
            os.environ.pop(name, None)
        self._exported.clear()
        if stack is not None:
            run_apart(stack.stop)

    def _begin(self) -> Backends:
        settings = stack_settings()
        complete = settings.kafka is not None and settings.mongo is not None
        if settings.stack == "none" and not complete:
            raise NoStackAllowed(f"set {_KAFKA} and {_MONGO}, or unset KENTONGAN_TEST_STACK")
        stack = chosen_stack(settings, kafka=settings.kafka, mongo=settings.mongo)
        self._stack = stack
        run_apart(stack.start)
        return Backends(stack.kafka_bootstrap, stack.mongo_uri, tuple(stack.describe()))


def stack_settings() -> StackSettings:
    """The settings of the environment. Raises WrongTestSettings."""
    try:
        return StackSettings()
    except ValidationError as error:
        raise WrongTestSettings(
            "; ".join(
                f"{_PREFIX}{str(each['loc'][0]).upper()}={each['input']}: {each['msg']}"
                for each in error.errors()
            )
        ) from None


def chosen_stack(
    settings: StackSettings, *, kafka: str | None = None, mongo: str | None = None
) -> BreakableStack:
    """A temporary stack of the kind that the settings name, but for what has an address."""
    if settings.stack == "containers":
        return ContainerStack(
            kafka_image=settings.kafka_image,
            mongo_image=settings.mongo_image,
            kafka=kafka,
            mongo=mongo,
        )
    return embedded_stack(kafka=kafka, mongo=mongo)


def embedded_stack(
    *, kafka: str | None = None, mongo: str | None = None, kafka_advertised_via: str | None = None
) -> EmbeddedStack:
    """A temporary stack for tests, deaf to the addresses that services are run with."""
    return EmbeddedStack(
        LocalSettings(kafka_bootstrap_servers=kafka, mongo_uri=mongo),
        ephemeral=True,
        allow_light_broker=False,
        kafka_advertised_via=kafka_advertised_via,
    )


def run_apart(job: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer:
    """Run a coroutine on a loop of its own in a thread, apart from the loops of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(job())).result()


def selection_needs_stack(arguments: Iterable[str]) -> bool:
    """Whether pytest's path arguments may reach a test that needs Kafka or MongoDB."""
    return any(not _stays_without_stack(argument) for argument in arguments)


def _stays_without_stack(argument: str) -> bool:
    parts = PurePath(argument.partition("::")[0]).parts
    return any(
        folder == "tests" and level in _LEVELS_WITHOUT_STACK for folder, level in pairwise(parts)
    )
