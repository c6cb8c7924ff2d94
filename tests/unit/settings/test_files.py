"""Every setting of every class may be what a file holds, and a wrong file is named."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from kentongan.settings import EnvironmentSettings, KafkaSettings, MongoSettings, ServiceSettings
from kentongan.settings.environment import LARGEST_FILE_BYTES, problems_of
from tests.unit.settings.walk import every_field, identity, outcome


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
        assert f"{variable}: {variable}_FILE: No such file or directory" in [
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


def test_a_secret_in_the_place_of_its_file_s_path_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KENTONGAN_MONGO_URI_FILE", "mongodb://office:drum@127.0.0.1/")
    (problem,) = problems_of(MongoSettings)
    assert str(problem) == (
        "KENTONGAN_MONGO_URI: KENTONGAN_MONGO_URI_FILE: No such file or directory"
    )
