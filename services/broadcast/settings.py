"""What can be set for broadcast beside what all services share."""

from collections.abc import Iterator

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from kentongan.settings import DEVELOPMENT_SECRET, AuthorityFile, Doubt, ServiceSettings


class BroadcastSettings(ServiceSettings):
    """Adds KENTONGAN_BROADCAST_SECRET and what else is bounded."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_")

    broadcast_secret: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    """Derives the secrets that webhooks are signed with; they are stored nowhere."""
    broadcast_private_targets: bool = False
    """Webhooks may point into inner networks, and be http: for a city's own network, and tests."""
    broadcast_ca_file: AuthorityFile | None = None
    """PEM: believed beside the public authorities when a webhook is called: a city's own."""
    broadcast_poll_seconds: float = Field(default=1.0, gt=0)
    """How often the courier looks for work that no wake-up told it of."""
    broadcast_planning_groups: int = Field(default=1_000, ge=1, le=10_000)
    """Groups whose deliveries are planned in one chunk."""
    broadcast_promise_seconds: float = Field(default=300.0, gt=0)
    """A delivery that arrives later than this after its edition was published is late."""
    broadcast_claim_seconds: float = Field(default=30.0, gt=0)
    """After this, what a courier had in hand when it was killed is due again. More than a send."""
    broadcast_sends_at_once: int = Field(default=64, ge=1, le=1_000)
    """Webhooks on the wire at the same time, in one process."""
    broadcast_send_seconds: float = Field(default=10.0, gt=0)
    """The bound on one attempt, from resolving the name to the end of the answer."""
    broadcast_attempts: int = Field(default=8, ge=1, le=50)
    broadcast_first_delay_seconds: float = Field(default=5.0, gt=0)
    broadcast_delay_factor: float = Field(default=3.0, ge=1.0, le=10.0)
    broadcast_longest_delay_seconds: float = Field(default=21_600.0, gt=0)
    """Between two attempts; bounds what a receiver's Retry-After may ask for too."""
    broadcast_failures_in_a_row: int = Field(default=10, ge=1, le=1_000)
    """So many deliveries given up, one after the other, switch the channel off."""
    broadcast_public_url: str | None = Field(default=None, pattern=r"^https?://[!-~]+$")
    """How readers reach the service, for the addresses in its feeds; else as they called it."""

    @model_validator(mode="after")
    def _secret_in_production(self) -> "BroadcastSettings":
        name = "KENTONGAN_BROADCAST_SECRET"
        self.ensure_secret(name, self.broadcast_secret, guards="the signatures of webhooks")
        if self.broadcast_claim_seconds <= self.broadcast_send_seconds:
            raise ValueError(
                "KENTONGAN_BROADCAST_CLAIM_SECONDS must exceed KENTONGAN_BROADCAST_SEND_SECONDS"
            )
        return self

    def doubts(self) -> Iterator[Doubt]:
        """Beside what is doubtful for every service: where webhooks go, and what feeds name."""
        yield from super().doubts()
        if self.broadcast_private_targets:
            yield Doubt(
                "KENTONGAN_BROADCAST_PRIVATE_TARGETS",
                "webhooks may point into inner networks, and be http",
                "Hapus variabel ini, kecuali penerima memang di jaringan kota sendiri.",
                "Remove the variable, unless receivers are in the city's own network.",
            )
        if self.broadcast_public_url is None:
            yield Doubt(
                "KENTONGAN_BROADCAST_PUBLIC_URL",
                "not set: feeds name the service as it was called, perhaps by an inner address",
                "Isi alamat yang dipakai pembaca.",
                "Set the address that readers use.",
            )
