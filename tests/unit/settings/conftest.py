"""Settings classes, as a process in development reads them."""

import pytest


@pytest.fixture(autouse=True)
def in_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_ENVIRONMENT", "development")
