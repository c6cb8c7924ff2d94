"""values.schema.json: what is written by hand, and every setting that the code declares."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args

import yaml
from pydantic import PydanticUserError, SecretStr, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError
from pydantic.fields import FieldInfo

from kentongan.process.service import find_service
from kentongan.settings import ServiceSettings
from kentongan.settings.environment import EnvironmentSettings

WRITTEN = Path(__file__).parent / "values.schema.yaml"
DECIDED_BY_THE_CHART = frozenset(
    {
        "KENTONGAN_ENVIRONMENT",
        "KENTONGAN_CITY",
        "KENTONGAN_LOG_FORMAT",
        "KENTONGAN_SHUTDOWN_SECONDS",
        "KENTONGAN_HTTP_HOST",
        "KENTONGAN_HTTP_PORT",
        "KENTONGAN_HTTP_LAME_DUCK_SECONDS",
        "KENTONGAN_KAFKA_BOOTSTRAP_SERVERS",
        "KENTONGAN_KAFKA_SECURITY_PROTOCOL",
        "KENTONGAN_KAFKA_SASL_MECHANISM",
        "KENTONGAN_KAFKA_SASL_USERNAME",
        "KENTONGAN_KAFKA_CA_FILE",
        "KENTONGAN_KAFKA_TOPIC_PREFIX",
        "KENTONGAN_KAFKA_REPLICATION_FACTOR",
        "KENTONGAN_KAFKA_MIN_INSYNC_REPLICAS",
        "KENTONGAN_MONGO_TLS_CA_FILE",
        "KENTONGAN_MONGO_DATABASE_PREFIX",
        "KENTONGAN_AUTH_JWKS_URL",
        "KENTONGAN_AUTH_JWKS_FILE",
        "KENTONGAN_AUTH_ISSUER",
        "KENTONGAN_AUTH_AUDIENCE",
        "KENTONGAN_BROADCAST_CA_FILE",
    }
)
"""Has a value of its own, so that a thing is said in one place."""
BY_HAND = frozenset({"type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum"})
BY_HAND |= {"pattern", "minLength", "maxLength", "items", "const", "additionalProperties"}


def values_schema() -> str:
    """The chart's schema as it is committed."""
    document = yaml.safe_load(WRITTEN.read_text("utf-8"))
    _fill(document)
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def settings_schema(settings: type[EnvironmentSettings]) -> dict[str, Any]:
    """A closed object of all variables that may be set freely, with the code's own bounds."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            variable: schema
            for variable, schema in sorted(_variables(settings))
            if variable not in DECIDED_BY_THE_CHART
        },
    }


def _fill(node: Any) -> None:
    if isinstance(node, list):
        for one in node:
            _fill(one)
    elif isinstance(node, dict):
        for value in node.values():
            _fill(value)
        if node.pop("x-settings", None):
            node.update(settings_schema(ServiceSettings))
        if service := node.pop("x-service", None):
            node.update(_service_schema(service))


def _service_schema(name: str) -> dict[str, Any]:
    """A service's values; it has the roles, and a secret of its own, that its code has."""
    definition = find_service(name)
    keys = ["name", "mongodbUriKey"]
    if f"{name}_secret" in definition.settings.model_fields:
        keys.append("secretKey")
    properties: dict[str, Any] = {
        "enabled": {"type": "boolean", "description": "Whether it runs in this release."},
        "kafkaUser": {"$ref": "#/definitions/user", "description": "Its user in Kafka."},
        "kafkaSecret": {
            "$ref": "#/definitions/secret",
            "description": "Its password there; the Secret is named like the user by default.",
        },
        "secret": {
            "type": "object",
            "additionalProperties": False,
            "description": "The Secret with MongoDB's URI and the service's secret; by default "
            f"`<release>-{name}`.",
            "properties": {
                key: {"$ref": "#/definitions/nameOrNone"}
                if key == "name"
                else {"type": "string", "minLength": 1}
                for key in keys
            },
        },
        "settings": {
            "description": "Settings of this service by their variable's name.",
            **settings_schema(definition.settings),
        },
        "roles": {
            "type": "object",
            "additionalProperties": False,
            "description": "What this service's roles have otherwise.",
            "properties": {role: {"$ref": f"#/definitions/{role}"} for role in definition.roles},
        },
    }
    if f"{name}_ca_file" in definition.settings.model_fields:
        properties["webhookAuthority"] = {
            "$ref": "#/definitions/authority",
            "description": "Authorities believed beside the public ones when webhooks are called.",
        }
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _variables(settings: type[EnvironmentSettings]) -> Iterator[tuple[str, dict[str, Any]]]:
    prefix = str(settings.model_config.get("env_prefix", ""))
    for name, field in settings.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, EnvironmentSettings):
            yield from _variables(annotation)
        elif SecretStr not in {annotation, *get_args(annotation)}:
            yield f"{prefix}{name}".upper(), _schema(field)


def _schema(field: FieldInfo) -> dict[str, Any]:
    """JSON Schema of one field; a type of the code's own is read from text or an object."""
    try:
        found = TypeAdapter(Annotated[field.annotation, field]).json_schema()
    except (PydanticUserError, PydanticSchemaGenerationError):
        return {"type": ["object", "string"]}
    if choices := [one for one in found.get("anyOf", ()) if one.get("type") != "null"]:
        found = choices[0]
    if "$ref" in found or "$defs" in found:
        return {"type": ["object", "array", "string"]}
    return {key: value for key, value in found.items() if key in BY_HAND}
