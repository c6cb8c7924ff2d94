"""What the doctor says of a service with given settings."""

from kentongan.testing.running_services import Ended, RunningServices


async def examined(services: RunningServices, settings: dict[str, str], *roles: str) -> Ended:
    """Placement's surroundings, in production, for these roles."""
    production = {
        "KENTONGAN_ENVIRONMENT": "production",
        "KENTONGAN_AUTH_JWKS_URL": "http://127.0.0.1:9/jwks",
        "KENTONGAN_PLACEMENT_SECRET": "f3a9c1e07b5d48269e1fa0c4d7b8263540",
    }
    words = [word for role in roles for word in ("--role", role)]
    return await services.command(
        "doctor", "--production", "placement", *words, settings=settings | production
    )
