"""Kit and bare must write the same documents, or a ratio of the two means nothing."""

from typing import Any


def refuse_different(kit: Any, bare: Any) -> None:
    """Raises AssertionError where the documents of kit and bare differ in shape."""
    if shape(kit) != shape(bare):
        raise AssertionError(f"kit and bare write different documents:\n{kit}\n{bare}")


def shape(value: Any) -> Any:
    """Names and types, whatever the values are; a list has the shape of its first item."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__
