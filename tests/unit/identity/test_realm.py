"""The realm follows from what the services declare, so a new role or claim can't be forgotten."""

import dataclasses
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from kentongan.cli.identity import application
from kentongan.domain.regions import REGION_PATTERN
from kentongan.http import Role
from kentongan.http.auth.callers import Caller
from kentongan.identity.claims import narrowing_claims, needed_claims
from kentongan.identity.clients import SEASON
from kentongan.identity.profile import PROVIDER
from kentongan.local.tokens import CLAIMS

OFFICES_CLAIMS = {one.name for one in dataclasses.fields(Caller)} - {"sub", "roles"}


def printed(*options: str) -> dict[str, Any]:
    ended = CliRunner().invoke(application, ["realm", *options])
    assert ended.exit_code == 0, ended.output
    return dict(json.loads(ended.stdout))


def mappers(realm: dict[str, Any]) -> dict[str, dict[str, Any]]:
    (scope,) = (one for one in realm["clientScopes"] if one["name"] == "kentongan")
    return {one["name"]: one for one in scope["protocolMappers"]}


def test_every_role_is_in_the_realm_and_in_its_tokens() -> None:
    realm = printed()
    roles = {role.value for role in Role}
    assert {one["name"] for one in realm["roles"]["realm"]} == roles
    assert realm["scopeMappings"] == [
        {"clientScope": "kentongan-roles", "roles": list(roles_in_order())}
    ]


def roles_in_order() -> list[str]:
    return [role.value for role in Role]


def test_every_claim_that_a_caller_has_is_mapped_and_the_offices_to_set() -> None:
    realm = printed()
    assert mappers(realm).keys() >= OFFICES_CLAIMS
    profile = json.loads(realm["components"][PROVIDER][0]["config"]["kc.user.profile.config"][0])
    assert "unmanagedAttributePolicy" not in profile
    editors = {one["name"]: one["permissions"]["edit"] for one in profile["attributes"]}
    assert editors.keys() == {"username", "email"} | OFFICES_CLAIMS
    assert all(editors[name] == ["admin"] for name in OFFICES_CLAIMS)


def test_a_token_tells_no_name_and_no_address() -> None:
    kinds = {one["protocolMapper"] for one in mappers(printed()).values()}
    assert kinds == {
        *("oidc-sub-mapper", "oidc-audience-mapper", "oidc-hardcoded-role-mapper"),
        *("oidc-usermodel-realm-role-mapper", "oidc-usermodel-attribute-mapper"),
    }


def test_claims_are_checked_as_the_services_check_them() -> None:
    assert narrowing_claims()["region"]["pattern"] == REGION_PATTERN
    assert narrowing_claims().keys() == OFFICES_CLAIMS
    assert narrowing_claims()["kim_id"]["maxLength"] == 128


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_needs_is_what_development_gives_it(role: Role) -> None:
    assert needed_claims(role) == {"region", *CLAIMS.get(role, {})}
    assert needed_claims(role) <= narrowing_claims().keys()


def test_a_realm_for_work_has_no_way_in_by_password_alone_and_no_secret() -> None:
    realm = printed("--city", "18.72", "--public-url", "https://kim.kota.example")
    clients = {one["clientId"]: one for one in realm["clients"]}
    assert SEASON not in clients
    assert not any(one["directAccessGrantsEnabled"] for one in clients.values())
    assert not any("secret" in one for one in clients.values())
    assert realm["users"] == []
    (pages,) = clients.values()
    assert pages["redirectUris"] == ["https://kim.kota.example/*"]
    assert pages["attributes"]["pkce.code.challenge.method"] == "S256"
    assert realm["accessTokenLifespan"] <= 600


@pytest.mark.parametrize(
    "options",
    [
        ("--city", "99"),
        ("--city", "36.71.05"),
        ("--public-url", "kim.kota.example"),
        ("--public-url", "https://kim.kota.example/"),
        ("--public-url", "https://kim.kota.example/*"),
        ("--name", "Kota Kecil"),
        ("--smtp-host", "surat.kota.example"),
        ("--smtp-port", "0"),
    ],
)
def test_a_wrong_option_is_refused_by_name(options: tuple[str, ...]) -> None:
    ended = CliRunner().invoke(application, ["realm", *options])
    assert ended.exit_code == 2
    assert options[0] in ended.output
