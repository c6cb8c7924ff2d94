"""What can be set on one machine, for the embedded stack."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from kentongan.settings.environment import EnvironmentSettings


class LocalSettings(EnvironmentSettings):
    """Where the stack keeps its data, and which half of it is replaced by an address."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_")

    data_folder: Path = Field(
        default=Path(".kentongan"), description="Folder of the stack's data and logs."
    )
    kafka_bootstrap_servers: str | None = Field(
        default=None, description="A Kafka cluster to use instead of the embedded one."
    )
    mongo_uri: str | None = Field(
        default=None, description="A MongoDB replica set to use instead of the embedded one."
    )


class CacheSettings(EnvironmentSettings):
    """Where downloaded files that every run shares are kept."""

    kentongan_cache: Path | None = Field(default=None, description="Folder for downloaded files.")
    xdg_cache_home: Path | None = Field(default=None, description="The user's cache folder.")

    @property
    def folder(self) -> Path:
        """The cache folder: KENTONGAN_CACHE, else `kentongan` in the user's cache folder."""
        if self.kentongan_cache is not None:
            return self.kentongan_cache
        return (self.xdg_cache_home or Path.home() / ".cache") / "kentongan"
