"""Every setting of every class: empty is unset, a file may hold it, and a wrong one is named."""

import ast

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kentongan.settings import EnvironmentSettings, ServiceSettings
from kentongan.settings.environment import (
    groups_of,
    problems_of,
    variables_of,
)
from tests.unit.settings.walk import HOME, ROOT, classes, every_field, identity, outcome, sources


def test_nobody_else_extends_the_library_s_own_base() -> None:
    base = {"BaseSettings"}
    extending = [
        file
        for file in sources()
        if "BaseSettings" in file.read_text()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ClassDef)
        and base & {ast.unparse(one).rpartition(".")[2] for one in node.bases}
    ]
    assert extending == [HOME]
    assert issubclass(EnvironmentSettings, BaseSettings)


def test_the_walk_meets_every_class() -> None:
    declared = {
        node.name
        for file in sources()
        if file.is_relative_to(ROOT / "shared") or file.is_relative_to(ROOT / "services")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(one).endswith("Settings") for one in node.bases)
    } - {"EnvironmentSettings"}
    assert {one.__name__ for one in classes()} == declared
    assert len(declared) >= 11


def test_no_setting_is_called_like_another_s_file() -> None:
    variables = {variable for settings in classes() for variable in variables_of(settings)}
    assert not {f"{variable}_FILE" for variable in variables} & variables


@pytest.mark.parametrize("empty", ["", " \n"])
@pytest.mark.parametrize(("settings", "name", "variable"), every_field(), ids=identity)
def test_an_empty_variable_is_an_unset_one(
    settings: type[EnvironmentSettings],
    name: str,
    variable: str,
    empty: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(variable, raising=False)
    unset = outcome(settings, name)
    monkeypatch.setenv(variable, empty)
    monkeypatch.setenv(f"{variable}_FILE", empty)
    assert outcome(settings, name) == unset


def test_all_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in {
        "KENTONGAN_CITY": "tangerang",
        "KENTONGAN_HTTP_PORT": "70000",
        "KENTONGAN_HTTP_DRAIN_SECONDS": "soon",
        "KENTONGAN_KAFKA_SECURITY_PROTOCOL": "TLS",
        "KENTONGAN_MONGO_URI": "mongodb://office:drum@127.0.0.1/?replicasett=kota",
        "KENTONGAN_AUTH_ALGORITHMS": "ES256,RS256",
    }.items():
        monkeypatch.setenv(variable, value)
    problems = problems_of(ServiceSettings)
    assert {problem.variable for problem in problems} == {
        "KENTONGAN_CITY",
        "KENTONGAN_HTTP_PORT",
        "KENTONGAN_HTTP_DRAIN_SECONDS",
        "KENTONGAN_KAFKA_SECURITY_PROTOCOL",
        "KENTONGAN_MONGO_URI",
        "KENTONGAN_AUTH_ALGORITHMS",
    }
    assert "drum" not in " ".join(map(str, problems))


def test_no_variable_of_a_group_s_own_name_hides_its_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KENTONGAN_KAFKA", '{"bootstrap_servers": "elsewhere:9092"}')
    monkeypatch.setenv("KENTONGAN_KAFKA_BOOTSTRAP_SERVERS", "here:9092")
    assert ServiceSettings().kafka.bootstrap_servers == "here:9092"


def test_a_class_of_its_own_shows_no_value_either(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(EnvironmentSettings):
        model_config = SettingsConfigDict(env_prefix="KENTONGAN_OWN_")
        number: int = 1

    monkeypatch.setenv("KENTONGAN_OWN_NUMBER", "a-secret-word")
    with pytest.raises(ValidationError) as refused:
        Own()
    assert "a-secret-word" not in str(refused.value)
    assert list(groups_of(Own)) == [Own]
