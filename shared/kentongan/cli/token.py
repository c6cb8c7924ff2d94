"""`kentongan token`: a token for development, signed with the development key."""

from datetime import timedelta
from typing import Annotated

import typer

from kentongan.http import Role, sign_development_token
from kentongan.local.tokens import RESIDENT


def token(
    role: Annotated[
        list[Role] | None, typer.Argument(help="One role or more; none for a resident.")
    ] = None,
    *,
    subject: Annotated[str, typer.Option(help="The caller's opaque id.")] = "",
    region: Annotated[str, typer.Option(help="Region scope: a Kemendagri code.")] = "36.71",
    kim: Annotated[str | None, typer.Option(help="The group of a KIM board.")] = None,
    university: Annotated[str | None, typer.Option(help="The caller's university.")] = None,
    student: Annotated[str | None, typer.Option(help="The student's enrolment.")] = None,
    judge: Annotated[str | None, typer.Option(help="The judge's id.")] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24 * 30)] = 12,
) -> None:
    """Print a bearer token that services in the development environment accept."""
    roles = [each.value for each in role or ()]
    claims = {
        "sub": subject or f"development-{roles[0] if roles else RESIDENT}",
        "roles": roles,
        "region": region,
        "kim_id": kim,
        "university_id": university,
        "student_id": student,
        "judge_id": judge,
    }
    given = {name: value for name, value in claims.items() if value is not None}
    typer.echo(sign_development_token(given, timedelta(hours=hours)))
