"""What can be set for scoring beside what all services share."""

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from kentongan.settings import DEVELOPMENT_SECRET, ServiceSettings


class ScoringSettings(ServiceSettings):
    """Adds KENTONGAN_SCORING_SECRET and what else is bounded."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_")

    scoring_secret: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    """Hides who voted: the key of every vote. Never change it while a campaign runs."""
    scoring_closing_chunk: int = Field(default=1_000, ge=1, le=10_000)
    """Entries that a closing reads and writes at a time: what bounds its memory."""
    scoring_vote_grace_seconds: float = Field(default=24 * 3600.0, ge=0, le=7 * 24 * 3600)
    """After a campaign's end, until its final count: for staff, who know the last day's
    interactions only when it is over, and enter them within it; and for votes on their way into the
    database."""

    @model_validator(mode="after")
    def _secret_in_production(self) -> "ScoringSettings":
        name = "KENTONGAN_SCORING_SECRET"
        self.ensure_secret(name, self.scoring_secret, guards="who voted")
        return self
