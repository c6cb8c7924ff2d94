"""A wrong endpoint is refused by its variable's name, before anything starts."""

import pytest
from typer.testing import CliRunner

from kentongan.cli import application as app
from kentongan.settings import TracingSettings


@pytest.mark.parametrize(
    ("endpoint", "why"),
    [
        ("collector:4318", "http://collector:4318"),
        ("http://", "http://collector:4318"),
        ("grpc://collector:4318", "http://collector:4318"),
        ("http://collector:4317", "gRPC"),
        ("http://collector:4318/v1/traces", "leave it off"),
        ("http://user:word@collector:4318", "no user"),
        ("http://collector:4318?key=1", "no query"),
        ("http://collector:port", "KENTONGAN_TRACING_OTLP_ENDPOINT"),
    ],
)
def test_a_wrong_endpoint_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, why: str
) -> None:
    monkeypatch.setenv("KENTONGAN_ENVIRONMENT", "development")
    monkeypatch.setenv("KENTONGAN_TRACING_OTLP_ENDPOINT", endpoint)
    ended = CliRunner().invoke(app, ["serve", "registry"])
    assert ended.exit_code == 2
    assert "KENTONGAN_TRACING_OTLP_ENDPOINT" in ended.output
    assert why in ended.output


@pytest.mark.parametrize("ratio", ["-0.1", "1.1", "many"])
def test_a_ratio_is_a_share(monkeypatch: pytest.MonkeyPatch, ratio: str) -> None:
    monkeypatch.setenv("KENTONGAN_TRACING_SAMPLE_RATIO", ratio)
    ended = CliRunner().invoke(app, ["serve", "registry"])
    assert ended.exit_code == 2
    assert "KENTONGAN_TRACING_SAMPLE_RATIO" in ended.output


@pytest.mark.parametrize(
    ("endpoint", "taken"),
    [
        ("", None),
        ("http://collector:4318/", "http://collector:4318"),
        ("https://traces.kota.go.id/otlp", "https://traces.kota.go.id/otlp"),
    ],
)
def test_what_is_taken(monkeypatch: pytest.MonkeyPatch, endpoint: str, taken: str | None) -> None:
    monkeypatch.setenv("KENTONGAN_TRACING_OTLP_ENDPOINT", endpoint)
    assert TracingSettings().otlp_endpoint == taken
