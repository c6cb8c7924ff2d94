import os
import subprocess
import sys
from pathlib import Path

import pytest

from kentongan.local.failures import CannotRunHere
from kentongan.local.stack import NotEmbedded
from kentongan.testing.containers import ContainerStack
from kentongan.testing.environment import (
    NoStackAllowed,
    RunBackends,
    WrongTestSettings,
    chosen_stack,
    selection_needs_stack,
    stack_settings,
)


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["tests/unit"], False),
        (["/clone/tests/unit/local/test_ports.py::test_it", "tests/contract/"], False),
        (["tests/architecture"], False),
        (["tests"], True),
        ([], False),
        (["/clone"], True),
        (["tests/unit", "tests/integration/local"], True),
    ],
)
def test_only_a_selection_that_may_need_the_stack_starts_it(
    arguments: list[str], needed: bool
) -> None:
    assert selection_needs_stack(arguments) is needed


def test_given_addresses_are_used_and_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_TEST_KAFKA", "kafka.test:9092")
    monkeypatch.setenv("KENTONGAN_TEST_MONGO", "mongodb://mongo.test/")
    backends = RunBackends().get()
    assert backends.kafka_bootstrap == "kafka.test:9092"
    assert backends.mongo_uri == "mongodb://mongo.test/"


def test_a_run_without_stack_refuses_instead_of_starting_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KENTONGAN_TEST_KAFKA", raising=False)
    monkeypatch.setenv("KENTONGAN_TEST_STACK", "none")
    with pytest.raises(NoStackAllowed):
        RunBackends().get()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KENTONGAN_TEST_STACK", "container"),
        ("KENTONGAN_TEST_STACK", "Embedded"),
        ("KENTONGAN_TEST_REQUIRE_ALL", "perhaps"),
    ],
)
def test_a_setting_of_the_tests_that_is_none_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(WrongTestSettings, match=f"{variable}={value}: "):
        stack_settings()


def test_a_run_with_such_a_setting_ends_before_any_test(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text("def test_nothing(): ...\n")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "kentongan.testing.plugin", f"--rootdir={tmp_path}"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "KENTONGAN_TEST_STACK": "kubernetes",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR
    assert "KENTONGAN_TEST_STACK=kubernetes" in ended.stdout + ended.stderr
    assert "'embedded', 'containers' or 'none'" in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("environment", "images"),
    [
        ({}, ("apache/kafka:4.3.1", "mongo:8.0")),
        (
            {
                "KENTONGAN_TEST_KAFKA_IMAGE": "local/kafka:1",
                "KENTONGAN_TEST_MONGO_IMAGE": "local/mongo:1",
            },
            ("local/kafka:1", "local/mongo:1"),
        ),
    ],
)
def test_containers_are_of_the_images_named(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], images: tuple[str, str]
) -> None:
    for name in ("KAFKA", "MONGO", "KAFKA_IMAGE", "MONGO_IMAGE"):
        monkeypatch.delenv(f"KENTONGAN_TEST_{name}", raising=False)
    for name, value in {**environment, "KENTONGAN_TEST_STACK": "containers"}.items():
        monkeypatch.setenv(name, value)
    stack = chosen_stack(stack_settings())
    assert isinstance(stack, ContainerStack)
    assert (stack.broker.image, stack.mongod.image) == images
    told = "\n".join(stack.describe())
    assert all(image in told for image in images)
    assert stack.kafka_bootstrap in told


def test_containers_leave_alone_what_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_TEST_STACK", "containers")
    stack = chosen_stack(stack_settings(), mongo="mongodb://mongo.test/")
    assert stack.mongo_uri == "mongodb://mongo.test/"
    assert stack.broker.process is stack.broker
    with pytest.raises(NotEmbedded):
        _ = stack.mongod


def test_an_engine_that_isnt_there_is_told_with_the_image(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no-engine.sock")
    monkeypatch.setenv("KENTONGAN_TEST_STACK", "containers")
    for name in ("KAFKA", "MONGO"):
        monkeypatch.delenv(f"KENTONGAN_TEST_{name}", raising=False)
    with pytest.raises(CannotRunHere, match=r"KENTONGAN_TEST_KAFKA_IMAGE=apache/kafka:4\.3\.1"):
        RunBackends().get()
