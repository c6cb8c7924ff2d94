"""What the edge lets in, and what it keeps out."""

import socket
import time

import httpx
import pytest

from tests.deploy.compose.city import SERVICES, City


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_answers_behind_its_name(core: City, service: str) -> None:
    answer = httpx.get(f"{core.edge}/{service}/v1/kims", params={"limit": 1}, timeout=30)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/registry/metrics",
        "/registry/health/ready",
        "/registry/%6detrics",
        "/registry//metrics",
        "/registry/v1/../metrics",
        "/nothing/../scoring/health/live",
        "/",
    ],
)
def test_what_is_for_the_platform_is_hidden(core: City, path: str) -> None:
    # By hand: a client would put the path in order before it is sent.
    answer = _exchange(core, f"GET {path} HTTP/1.1\r\nHost: kota\r\nConnection: close\r\n\r\n")
    assert answer.startswith("HTTP/1.1 404 ")
    assert '"rule":"not-found"' in answer


@pytest.mark.parametrize(
    ("request_", "status", "rule"),
    [
        (
            f"GET /registry/v1/kims HTTP/1.1\r\nHost: kota\r\nX-Much: {'a' * 9000}\r\n\r\n",
            400,
            "bad-request",
        ),
        (
            f"GET /registry/v1/kims?q={'a' * 9000} HTTP/1.1\r\nHost: kota\r\n\r\n",
            414,
            "address-too-long",
        ),
        (
            "POST /registry/v1/kims HTTP/1.1\r\nHost: kota\r\nContent-Length: 2000000\r\n\r\n",
            413,
            "body-too-large",
        ),
    ],
    ids=["headers", "address", "body"],
)
def test_too_much_is_refused_as_a_problem(
    core: City, request_: str, status: int, rule: str
) -> None:
    answer = _exchange(core, request_)
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert "application/problem+json" in answer
    assert f'"rule":"{rule}"' in answer
    assert '"title":' in answer
    assert '"title_en":' in answer


def test_headers_that_don_t_end_are_not_waited_for(core: City) -> None:
    began = time.monotonic()
    _exchange(core, "GET /registry/v1/kims HTTP/1.1\r\nHost: kota\r\n")
    assert time.monotonic() - began < 30


def _exchange(city: City, request: str) -> str:
    """All that comes back until the edge closes, within half a minute."""
    with socket.create_connection(("127.0.0.1", city.edge_port), timeout=30) as connection:
        connection.sendall(request.encode())
        received = b""
        while part := connection.recv(65536):
            received += part
            if b"\r\n\r\n" in received and received.rstrip().endswith(b"}"):
                break
    return received.decode(errors="replace")
