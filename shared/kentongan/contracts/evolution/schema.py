"""The JSON Schema of an event as it is published: open, and readable without our code."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from kentongan.contracts.event import Event

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA_URN = "urn:kentongan:schema:"

Schema = dict[str, Any]


class _Untitled(GenerateJsonSchema):
    """Leaves out the titles that pydantic derives from field names: they say nothing new."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema_id(event: type[Event]) -> str:
    """The `$id` under which a type's schema is published, the same for all its revisions."""
    return SCHEMA_URN + event.contract.type


def published_schema(event: type[Event]) -> Schema:
    """What a reader may rely on: fields with a default are optional, unknown fields are allowed.

    The reader's view (pydantic's validation mode) is published, since a field that was added later
    is missing from the events before it, and those stay in the topic for good.
    """
    generated = event.model_json_schema(schema_generator=_Untitled, mode="validation")
    return {"$schema": DIALECT, "$id": schema_id(event), **generated}
