"""What can be set for the registry beside what all services share."""

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from kentongan.settings import ServiceSettings
from services.registry.domain.rules import RuleBook


class RegistrySettings(ServiceSettings):
    """Adds KENTONGAN_REGISTRY_RULES: rules by region prefix, as JSON or a JSON file's path.

    `{"36.71": {"members_min": 10}, "36.71.07": {"coverage_target_percent": 80}}`
    """

    model_config = SettingsConfigDict(env_prefix="KENTONGAN_", arbitrary_types_allowed=True)

    registry_rules: Annotated[RuleBook, NoDecode] = Field(default_factory=RuleBook)

    @field_validator("registry_rules", mode="before")
    @classmethod
    def _read_rules(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        text = given.strip()
        if text and not text.startswith("{"):
            path = Path(text)
            if not path.is_file():
                raise ValueError(f"KENTONGAN_REGISTRY_RULES names no file: {text}")
            text = path.read_text(encoding="utf-8")
        return RuleBook(_as_mapping(text))


def _as_mapping(text: str) -> dict[str, dict[str, Any]]:
    try:
        rules = json.loads(text or "{}")
    except json.JSONDecodeError as error:
        raise ValueError(f"KENTONGAN_REGISTRY_RULES is not JSON: {error}") from error
    if not isinstance(rules, dict) or not all(isinstance(value, dict) for value in rules.values()):
        raise ValueError("KENTONGAN_REGISTRY_RULES must map region prefixes to rules")
    return rules
