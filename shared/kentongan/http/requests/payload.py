"""The base of all command bodies: closed, strict, trimmed."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


class Payload(BaseModel):
    """A command's body. Unknown fields are refused, text is trimmed, numbers must be finite.

    Strict as JSON is: `"1"` is no integer and `1` no boolean, while dates, times and enumerations
    are read from text. NUL and text outside Unicode are refused before (`strict_json`). Validators
    of subclasses must be `after` ones: see below.
    """

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        allow_inf_nan=False,
        frozen=True,
        hide_input_in_errors=True,
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """FastAPI hands over JSON as Python values, whose own strict mode would refuse all dates.

        So these are held against the strict mode of JSON first. A `before` or `wrap` validator
        would break that: pydantic leaves the JSON mode for what Python has touched.
        """
        schema = handler(source)

        def strict_as_json(value: Any) -> Any:
            if isinstance(value, dict):
                try:
                    text = json.dumps(_whole(value))
                except (TypeError, ValueError):
                    return value  # dates and the like: made by code, not by a request
                cls.model_validate_json(text, strict=True)
            return value

        return core_schema.json_or_python_schema(
            json_schema=schema,
            python_schema=core_schema.no_info_before_validator_function(strict_as_json, schema),
        )


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: `3.0` is the integer 3, as JSON Schema says too."""
    if isinstance(value, dict):
        return {name: _whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
