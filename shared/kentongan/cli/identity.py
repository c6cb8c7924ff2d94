"""`kentongan identity`: a realm for Keycloak, and who gets which role and claims in it."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer

from kentongan.cli.settings import read_settings
from kentongan.domain.regions import CITY_PATTERN
from kentongan.http import Role
from kentongan.identity.claims import narrowing_claims
from kentongan.identity.keycloak import Keycloak, KeycloakRefused, administering, by_password
from kentongan.identity.persons import ClaimsLacking, PersonUnknown, admit_system, give, take
from kentongan.identity.realm import Mail, RealmOptions
from kentongan.identity.realm import realm as realm_of
from kentongan.identity.rotation import rotate
from kentongan.identity.settings import IdentitySettings

Result = TypeVar("Result")
Email = Annotated[str, typer.Argument(help="The person's e-mail address: also the user name.")]

application = typer.Typer(no_args_is_help=True, help=__doc__, add_completion=False)


def _matching(pattern: str) -> Callable[[str | None], str | None]:
    def checked(value: str | None) -> str | None:
        if value is not None and not re.fullmatch(pattern, value):
            raise typer.BadParameter(f"{value!r}: bentuknya salah / has the wrong form")
        return value

    return checked


PublicUrl = Annotated[
    str,
    typer.Option(
        help="How people reach the city's pages: https://kim.kota.go.id.",
        callback=_matching(r"https?://[^\s/?#@*]+(/[^\s?#*]*[^\s?#/*])?"),
    ),
]


@application.command("realm")
def realm(
    *,
    city: Annotated[
        str, typer.Option(help="Kemendagri code.", callback=_matching(CITY_PATTERN))
    ] = "36.71",
    public_url: PublicUrl = "http://127.0.0.1:8080",
    name: Annotated[
        str, typer.Option(help="The realm's name.", callback=_matching(r"[a-z0-9][a-z0-9-]*"))
    ] = "kentongan",
    audience: Annotated[str, typer.Option(help="KENTONGAN_AUTH_AUDIENCE.")] = "kentongan",
    residents: Annotated[bool, typer.Option(help="Residents may register by themselves.")] = True,
    smtp_host: Annotated[str | None, typer.Option(help="Confirms addresses.")] = None,
    smtp_port: Annotated[int, typer.Option(min=1, max=65535)] = 587,
    smtp_from: Annotated[str | None, typer.Option(help="The sender's address.")] = None,
    smtp_starttls: Annotated[bool, typer.Option()] = True,
    rehearsal: Annotated[
        bool, typer.Option(help="With the client of `demo --against`: never for a city at work.")
    ] = False,
) -> None:
    """Print the realm as JSON for Keycloak's import, from the product's own roles and claims."""
    if (smtp_host is None) != (smtp_from is None):
        raise typer.BadParameter("--smtp-host, --smtp-from: keduanya / both of them")
    mail = None
    if smtp_host is not None and smtp_from is not None:
        mail = Mail(smtp_host, smtp_port, smtp_from, smtp_starttls)
    options = RealmOptions(
        city=city,
        public_url=public_url,
        name=name,
        audience=audience,
        residents=residents,
        mail=mail,
        rehearsal=rehearsal,
    )
    typer.echo(json.dumps(realm_of(options), indent=2))


@application.command("give")
def give_role(
    email: Email,
    role: Role,
    *,
    claim: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE: region=36.71.05, kim_id=…; repeatable.")
    ] = None,
) -> None:
    """Give a person a role with its claims; who isn't there yet gets an account."""
    claims = _claims(claim or [])
    given = _administer(lambda keycloak: give(keycloak, email, role, claims))
    typer.echo(f"{given.user_id} {'dibuat / made' if given.made else 'diubah / changed'}")
    if given.password is not None:
        typer.echo(f"Sandi pertama, sekali pakai / first password, used once: {given.password}")


@application.command("take")
def take_role(
    email: Email,
    role: Annotated[Role | None, typer.Argument(help="None: the account is disabled.")] = None,
) -> None:
    """Take a role from a person, or all of it; sessions end, tokens live on for minutes."""
    _administer(lambda keycloak: take(keycloak, email, role))


@application.command("integrator")
def integrator(
    client_id: Annotated[str, typer.Argument(help="The system's name: portal-kota.")],
    *,
    region: Annotated[str, typer.Option(help="A Kemendagri code.")],
) -> None:
    """Admit an integrator's system; its secret is printed once."""
    typer.echo(_administer(lambda keycloak: admit_system(keycloak, client_id, region)))


@application.command("rotate-key")
def rotate_key() -> None:
    """Sign tokens with a new key; the one before verifies on, those before it go."""
    typer.echo(_administer(rotate))


def _claims(given: list[str]) -> dict[str, str]:
    known = narrowing_claims()
    claims: dict[str, str] = {}
    for text in given:
        name, _, value = text.partition("=")
        if name not in known or not value:
            raise typer.BadParameter(
                f"--claim {text!r}: NAMA=NILAI / NAME=VALUE, {', '.join(known)}"
            )
        claims[name] = value
    return claims


def _administer(act: Callable[[Keycloak], Awaitable[Result]]) -> Result:
    """What came of it; exit code 1 with a clear line where it is refused."""
    settings = read_settings(IdentitySettings)
    who = by_password(settings.admin_username, settings.admin_password.get_secret_value())

    async def run() -> Any:
        async with administering(
            settings.url.rstrip("/"), settings.realm, who, ca_file=settings.ca_file
        ) as keycloak:
            return await act(keycloak)

    try:
        result: Result = asyncio.run(run())
    except ClaimsLacking as lacking:
        names = " ".join(f"--claim {name}=…" for name in sorted(lacking.claims))
        typer.echo(f"{lacking}: {names}", err=True)
    except PersonUnknown:
        typer.echo("Tidak ada akun itu / there is no such account.", err=True)
    except KeycloakRefused as refused:
        typer.echo(f"Keycloak: {refused}", err=True)
    else:
        return result
    raise typer.Exit(1)
