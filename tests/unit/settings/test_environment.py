"""Every setting of every class: empty is unset, a file may hold it, and a wrong one is named."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kentongan.process.service import find_service, service_names
from kentongan.settings import EnvironmentSettings, KafkaSettings, MongoSettings, ServiceSettings
from kentongan.settings.environment import (
    LARGEST_FILE_BYTES,
    groups_of,
    is_group,
    problems_of,
    variables_of,
)

ROOT = Path(__file__).parents[3]
HOME = ROOT / "shared" / "kentongan" / "settings" / "environment.py"


def sources() -> Iterator[Path]:
    for folder in ("shared", "services", "tests"):
        yield from (file for file in (ROOT / folder).rglob("*.py"))


def classes() -> list[type[EnvironmentSettings]]:
    """All that extend the base, wherever they are declared."""
    for name in service_names():
        find_service(name)
    import_module("kentongan.settings.machine")
    import_module("kentongan.testing.environment")
    found: dict[str, type[EnvironmentSettings]] = {}
    waiting = [EnvironmentSettings]
    while waiting:
        for one in waiting.pop().__subclasses__():
            if one.__module__.startswith(("kentongan.", "services.")):
                found[f"{one.__module__}.{one.__name__}"] = one
                waiting.append(one)
    return [found[name] for name in sorted(found)]


def every_field() -> list[tuple[type[EnvironmentSettings], str, str]]:
    return [
        (settings, name, f"{settings.model_config.get('env_prefix', '')}{name}".upper())
        for settings in classes()
        for name, field in settings.model_fields.items()
        if not is_group(field)
    ]


def identity(case: Any) -> str:
    return case.__name__ if isinstance(case, type) else str(case)


@pytest.fixture(autouse=True)
def in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_ENVIRONMENT", "development")


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
    if variable != "KENTONGAN_ENVIRONMENT":
        unset = plain(getattr(settings(), name))
        monkeypatch.setenv(variable, empty)
        monkeypatch.setenv(f"{variable}_FILE", empty)
        assert plain(getattr(settings(), name)) == unset
    else:
        monkeypatch.setenv(variable, empty)
        with pytest.raises(ValidationError, match="production needs"):
            settings()


@pytest.mark.parametrize(("settings", "name", "variable"), every_field(), ids=identity)
class TestFromAFile:
    """A walk over each field of each class."""

    def test_a_missing_file_is_refused_by_name(
        self,
        settings: type[EnvironmentSettings],
        name: str,
        variable: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "missing"))
        assert f"{variable}: {variable}_FILE: {tmp_path}/missing: No such file or directory" in [
            str(problem) for problem in problems_of(settings)
        ]

    def test_both_are_refused_by_name(
        self,
        settings: type[EnvironmentSettings],
        name: str,
        variable: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "held").write_text("content-of-the-file")
        monkeypatch.setenv(variable, "content-of-the-variable")
        monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "held"))
        with pytest.raises(ValidationError) as refused:
            settings()
        assert f"given twice, also as {variable}_FILE" in str(refused.value)
        assert "content-of" not in str(refused.value)

    def test_its_content_is_the_value(
        self,
        settings: type[EnvironmentSettings],
        name: str,
        variable: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """What a variable says and what a file says end in the same value, or the same refusal."""
        for given in ("7", "development", '["ES256"]', "36.71", "a-text."):
            monkeypatch.delenv(f"{variable}_FILE", raising=False)
            monkeypatch.setenv(variable, given)
            by_variable = outcome(settings, name)
            (tmp_path / "held").write_text(given + "\n")
            monkeypatch.delenv(variable)
            monkeypatch.setenv(f"{variable}_FILE", str(tmp_path / "held"))
            assert outcome(settings, name) == by_variable


def plain(value: Any) -> Any:
    """A value that compares by what it holds."""
    return vars(value) if hasattr(value, "__dict__") else value


def outcome(settings: type[EnvironmentSettings], name: str) -> Any:
    try:
        found = getattr(settings(), name)
    except ValidationError as error:
        return str(error)
    return found.get_secret_value() if isinstance(found, SecretStr) else str(found)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("word", "word"),
        ("word\n", "word"),
        ("word\r\n", "word"),
        ("word\n\n", "word\n"),
        (" word", " word"),
        ("word\r", "word\r"),
    ],
)
def test_one_trailing_newline_is_no_part_of_the_value(
    content: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_bytes(content.encode())
    monkeypatch.setenv("KENTONGAN_KAFKA_SASL_PASSWORD_FILE", str(tmp_path / "password"))
    password = KafkaSettings().sasl_password
    assert password is not None
    assert password.get_secret_value() == value


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"hidden \xff", "is no UTF-8"),
        (b"hidden" * LARGEST_FILE_BYTES, "has more than 1048576 bytes"),
    ],
)
def test_a_file_that_holds_no_setting_is_refused_without_its_content(
    content: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uri").write_bytes(content)
    monkeypatch.setenv("KENTONGAN_MONGO_URI_FILE", str(tmp_path / "uri"))
    (problem,) = problems_of(ServiceSettings)
    assert problem.variable == "KENTONGAN_MONGO_URI"
    assert said in problem.message
    assert "hidden" not in str(problem)
    with pytest.raises(ValidationError) as refused:
        ServiceSettings()
    assert "hidden" not in str(refused.value)


def test_a_folder_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_MONGO_URI_FILE", str(tmp_path))
    (problem,) = problems_of(MongoSettings)
    assert "Is a directory" in problem.message


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
