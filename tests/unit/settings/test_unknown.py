"""A slip of the pen in a variable's name is named, with the name that may be meant."""

import pytest

from kentongan.process.service import find_service
from kentongan.process.variables import unknown_to


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("KENTONGAN_KAFKA_BOOTSTRAP_SERVER", "KENTONGAN_KAFKA_BOOTSTRAP_SERVERS"),
        ("KENTONGAN_AUTH_JWKS_URI", "KENTONGAN_AUTH_JWKS_URL"),
        ("KENTONGAN_MONGO_URL", "KENTONGAN_MONGO_URI"),
        ("KENTONGAN_MONGO_URI_FIL", "KENTONGAN_MONGO_URI_FILE"),
        ("KENTONGAN_BROADCAST_SECRETS", "KENTONGAN_BROADCAST_SECRET"),
        ("KENTONGAN_SMTP_PASSWORD", None),
        ("kentongan_htp_port", "KENTONGAN_HTTP_PORT"),
    ],
)
def test_what_nobody_reads_is_named_with_the_nearest(name: str, nearest: str | None) -> None:
    (unknown,) = unknown_to(find_service("broadcast"), {name: "x"})
    assert (unknown.name, unknown.nearest) == (name, nearest)


def test_what_somebody_reads_is_not() -> None:
    environment = {
        "KENTONGAN_ENVIRONMENT": "production",
        "kentongan_city": "36.71",
        "KENTONGAN_KAFKA_SASL_PASSWORD_FILE": "/run/secrets/kafka",
        "KENTONGAN_BROADCAST_SECRET": "x",
        "KENTONGAN_PLACEMENT_SECRET": "another service's",
        "KENTONGAN_TEST_STACK": "none",
        "KENTONGAN_DATA_FOLDER": "x",
        "KENTONGAN_CACHE": "x",
        "KENTONGAN_SMTP_PASSWORD": "",
        "PATH": "/bin",
        "XDG_CACHE_HOM": "none of ours",
    }
    assert unknown_to(find_service("broadcast"), environment) == []
