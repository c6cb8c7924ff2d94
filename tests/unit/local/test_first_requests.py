"""What `kentongan up` prints can be typed as it stands."""

import json
import shlex

import jwt
import pytest

from kentongan.http import Role
from kentongan.local.first_requests import first_requests
from kentongan.local.tokens import RESIDENT, development_tokens

SERVICES = ("registry", "placement", "broadcast", "scoring")
ADDRESSES = {name: f"http://127.0.0.1:{15000 + at}" for at, name in enumerate(SERVICES)}


def claims(token: str) -> dict[str, object]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_every_role_gets_a_token_that_says_who_it_is_and_a_resident_gets_one_too() -> None:
    tokens = development_tokens("36.71")
    assert set(tokens) == {*Role, RESIDENT}
    assert claims(tokens[Role.JUDGE])["judge_id"]
    assert claims(tokens[Role.INTEGRATOR])["region"] == "36.71"
    assert claims(tokens[RESIDENT])["roles"] == []


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_a_request_to_write_and_one_to_read(service: str) -> None:
    tokens = development_tokens("36.71")
    write, read = first_requests(ADDRESSES, tokens, "36.71")[service]
    words = shlex.split(write)
    assert words[3].startswith(f"{ADDRESSES[service]}/v1/")
    assert json.loads(words[-1])
    assert f"Authorization: Bearer {tokens[Role.DISKOMINFO]}" in words
    assert shlex.split(read)[1].startswith(f"{ADDRESSES[service]}/v1/")


def test_a_service_that_does_not_run_is_not_spoken_of() -> None:
    only = {"registry": ADDRESSES["registry"]}
    assert set(first_requests(only, development_tokens("36.71"), "36.71")) == {"registry"}
