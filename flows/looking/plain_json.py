"""Our nouns as `--json` has them."""

from collections.abc import Set as AbstractSet
from typing import Any

from pydantic import TypeAdapter


def plain(noun: Any, *, without: AbstractSet[str] = frozenset()) -> Any:
    """Return a noun as JSON has it: its fields by their names, days and moments in ISO 8601."""
    return TypeAdapter(type(noun)).dump_python(noun, mode="json", exclude=set(without) or None)
