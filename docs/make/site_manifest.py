"""The reference of manifest.json, made of its schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from .pages import DOCS
from .site_tables import table

SCHEMA: Final = DOCS / "reference" / "schemas" / "manifest.json"
HEAD: Final = """# Manifest

`manifest.json` lies in every exported project and says what was exported; `depthwise export --json` prints it. Fields
that are *always* there may be relied upon in this version ({version}) of the [schema](schemas/manifest.json); others
come with what they describe.

"""


def manifest_page() -> str:
    """The text of the page."""
    schema = json.loads(SCHEMA.read_text())
    rows = [(f"`{name}`", types, "always" if always else "") for name, types, always in fields(schema)]
    return HEAD.format(version=schema["version"]) + table(("field", "type", ""), rows)


def fields(schema: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, str, bool]]:
    """Every field of an object's schema: its path, its types, whether it is always there."""
    for name, inner in schema.get("properties", {}).items():
        path = f"{place}.{name}" if place else name
        yield path, _types(inner), name in schema.get("required", ())
        yield from fields(inner, path)
        yield from fields(inner.get("items", {}), f"{path}[]")


def _types(schema: Mapping[str, Any]) -> str:
    types = schema.get("type", "anything")
    return ", ".join(types) if isinstance(types, list) else str(types)
