import pytest

from kentongan.testing.environment import NoStackAllowed, RunBackends, selection_needs_stack


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
