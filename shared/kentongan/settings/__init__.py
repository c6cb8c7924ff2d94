"""All that can be set, from the environment or from files that it names; refused by name."""

from kentongan.settings.backends import AuthorityFile, KafkaSettings, MongoSettings
from kentongan.settings.doubts import Doubt
from kentongan.settings.environment import EnvironmentSettings
from kentongan.settings.service import (
    DEVELOPMENT_SECRET,
    SHORTEST_SECRET,
    AuthSettings,
    HttpSettings,
    ServiceSettings,
)
from kentongan.settings.tracing import TracingSettings

__all__ = [
    "DEVELOPMENT_SECRET",
    "SHORTEST_SECRET",
    "AuthSettings",
    "AuthorityFile",
    "Doubt",
    "EnvironmentSettings",
    "HttpSettings",
    "KafkaSettings",
    "MongoSettings",
    "ServiceSettings",
    "TracingSettings",
]
