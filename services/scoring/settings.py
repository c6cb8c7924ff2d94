"""What can be set for scoring beside what all services share."""

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from kentongan.settings import ServiceSettings

DEVELOPMENT_SECRET = "kentongan-development-secret-never-in-production"  # noqa: S105 - says so itself
SHORTEST_SECRET = 32


class ScoringSettings(ServiceSettings):
    """Adds KENTONGAN_SCORING_SECRET and what else is bounded."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_")

    scoring_secret: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    """Hides who voted: the key of every vote. Never change it while a campaign runs."""
    scoring_closing_chunk: int = Field(default=1_000, ge=1, le=10_000)
    """Entries that a closing reads and writes at a time: what bounds its memory."""
    scoring_vote_grace_seconds: float = Field(default=60.0, ge=0, le=7 * 24 * 3600)
    """After a campaign's end, until its final count: for votes on their way into the database, and
    for staff, who enter the last day's interactions within it."""

    @model_validator(mode="after")
    def _secret_in_production(self) -> "ScoringSettings":
        secret = self.scoring_secret.get_secret_value()
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"KENTONGAN_SCORING_SECRET needs {SHORTEST_SECRET} characters")
        if self.environment == "production" and secret == DEVELOPMENT_SECRET:
            raise ValueError("production needs KENTONGAN_SCORING_SECRET")
        return self
