"""A wrong `.env` is refused by name, before anything starts."""

import importlib.util
from pathlib import Path

import pytest

CHECK = Path(__file__).resolve().parents[3] / "deploy" / "compose" / "jobs" / "check.py"
_spec = importlib.util.spec_from_file_location("check", CHECK)
assert _spec is not None
assert _spec.loader is not None
check = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(check)

CITY = "KENTONGAN_CITY=36.71\n"


def test_the_example_itself_is_valid() -> None:
    assert list(check.problems_of((check.FOLDER / ".env.example").read_text())) == []


def test_so_is_the_example_with_all_its_defaults_written_out() -> None:
    text = (check.FOLDER / ".env.example").read_text()
    written = "\n".join(
        line.removeprefix("#") for line in text.splitlines() if not line.startswith(("# ", "#\n"))
    )
    assert list(check.problems_of(written)) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "KENTONGAN_CITY: belum diisi / is missing"),
        ("KENTONGAN_CITY=\n", "KENTONGAN_CITY: belum diisi / is empty"),
        (CITY + "EGDE_PORT=80\n", "mungkin/perhaps EDGE_PORT?"),
        (CITY + "KENTONGAN_AUTH_JWKS_URI=x\n", "mungkin/perhaps KENTONGAN_AUTH_JWKS_URL?"),
        (CITY + "EDGE_PORT=0\n", "EDGE_PORT: '0' tidak sah"),
        (CITY + "EDGE_PORT=http\n", "EDGE_PORT: 'http' tidak sah"),
        (CITY + "EDGE_ADDRESS=localhost\n", "EDGE_ADDRESS: 'localhost' tidak sah"),
        (CITY + "EDGE_RATE=-1\n", "EDGE_RATE: '-1' tidak sah"),
        (CITY + "EDGE_BODY=1 m\n", "EDGE_BODY: '1 m' tidak sah"),
        (CITY + "MONGO_MEMORY=a lot\n", "MONGO_MEMORY: 'a lot' tidak sah"),
        (CITY + "MONGO_CACHE_GB=half\n", "MONGO_CACHE_GB: 'half' tidak sah"),
        (CITY + "IMAGE_TAG=0.1 0\n", "IMAGE_TAG: '0.1 0' tidak sah"),
        (CITY + "IMAGE_KAFKA=$(id)\n", "IMAGE_KAFKA: '$(id)' tidak sah"),
        (CITY + "PULL_POLICY=sometimes\n", "PULL_POLICY: 'sometimes' tidak sah"),
        (CITY + "EDGE_PORT 80\n", "baris/line 2: bukan NAMA=nilai"),
        (CITY + CITY, "KENTONGAN_CITY: tertulis dua kali"),
    ],
)
def test_what_is_wrong_is_named(text: str, named: str) -> None:
    assert any(named in problem for problem in check.problems_of(text))


def test_all_that_is_wrong_is_said_at_once() -> None:
    text = "EDGE_PORT=x\nNOTHING=1\nnonsense\n"
    assert len(list(check.problems_of(text))) == 4
