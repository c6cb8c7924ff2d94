"""Where Keycloak is, and who administers it."""

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from kentongan.settings import AuthorityFile, EnvironmentSettings


class IdentitySettings(EnvironmentSettings):
    """For the commands that give and take roles; no service reads them."""

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_IDENTITY_")

    url: str
    """Keycloak's base URL: what stands before `/realms/`."""
    realm: str = "kentongan"
    admin_username: str = "admin"
    admin_password: SecretStr
    ca_file: AuthorityFile | None = None
