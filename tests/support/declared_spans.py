"""Holds spans against what the conventions declare: their names and their attributes' keys."""

import re
from collections.abc import Iterable
from typing import Any

from kentongan.observability.tracing.conventions import Key, Name

_KEYS = {key.value for key in Key}
_NAMES = [re.compile(re.sub(r"\\\{\w+\\\}", r"\\S+", re.escape(name.value))) for name in Name]


def undeclared(name: str, attributes: Iterable[Any]) -> list[str]:
    """What of a span nobody has declared."""
    known = any(pattern.fullmatch(name) for pattern in _NAMES)
    return [*([] if known else [name]), *sorted({str(key) for key in attributes} - _KEYS)]
