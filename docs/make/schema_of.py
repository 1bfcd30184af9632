"""JSON schemas (draft 2020-12) of samples: types, which fields there always are, and what lists and maps hold.

Only `type`, `properties`, `required`, `items` and `additionalProperties` are used; `mismatches` checks these. Fields
that a schema does not name are allowed: a newer version may say more.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

Schema = dict[str, Any]
# Objects whose keys are names or numbers of the user's, by the field they are in.
MAPS: Final = frozenset(
    {"tensors", "constant", "files", "projects", "flashing", "sizes", "classes", "stages", "versions"}
)
NAMES: Final = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
NAMES_OF_MANY: Final = {dict: "object", list: "array"}


def schema_of(samples: Sequence[Any], field: str = "") -> Schema:
    """The narrowest schema of the kind above that holds every sample; `field` is the name that they stand under."""
    found: Schema = {"type": _types(samples)}
    objects = [s for s in samples if isinstance(s, dict)]
    if objects and field in MAPS:
        found["additionalProperties"] = schema_of([value for o in objects for value in o.values()])
    elif objects:
        names = dict.fromkeys(name for o in objects for name in o)
        found["properties"] = {name: schema_of([o[name] for o in objects if name in o], name) for name in names}
        found["required"] = [name for name in names if all(name in o for o in objects)]
    items = [item for s in samples if isinstance(s, list) for item in s]
    return found | {"items": schema_of(items)} if items else found


def _types(samples: Sequence[Any]) -> str | list[str]:
    names = {(NAMES | NAMES_OF_MANY)[type(sample)] for sample in samples}
    if "number" in names:
        names.discard("integer")
    return names.pop() if len(names) == 1 else sorted(names)


def mismatches(value: Any, schema: Schema, place: str = "$") -> Iterator[str]:
    """What of a value a schema does not allow, each with its place."""
    kinds = schema.get("type")
    allowed = [kinds] if isinstance(kinds, str) else kinds
    if allowed is not None and not _is_one_of(value, allowed):
        yield f"{place} is {value!r:.60}, not {' or '.join(allowed)}"
        return
    if isinstance(value, dict):
        yield from (f"{place}.{name} is missing" for name in schema.get("required", ()) if name not in value)
        named, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        for name, part in value.items():
            yield from mismatches(part, named.get(name, others), f"{place}.{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from mismatches(item, schema.get("items", {}), f"{place}[{number}]")


def _is_one_of(value: Any, allowed: Sequence[str]) -> bool:
    name = (NAMES | NAMES_OF_MANY)[type(value)]
    return name in allowed or (name == "integer" and "number" in allowed)
