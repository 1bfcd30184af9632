"""What each field of a manifest holds: a file that anybody may have edited is held to it before it is used."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from depthwise.codegen.graph.limits import MOST_ELEMENTS
from depthwise.codegen.naming import identifier

Check = Callable[[Any], bool]
MOST_BYTES: Final = 1 << 32
MOST_LISTED: Final = 20_000


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 1000 and value.isprintable()


def _name(value: Any) -> bool:
    return _text(value) and identifier(value) == value


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value < MOST_BYTES


def _tensor_numbers(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_LISTED and all(map(_count, value))


def _port(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(shape := value.get("shape"), list):
        return False
    elements = 1
    for size in shape if len(shape) <= 8 else [0]:
        elements *= size if type(size) is int and size > 0 else 0
    number = value.get("scale")
    scaled = isinstance(number, int | float) and not isinstance(number, bool) and 0 < number < float("inf")
    return 0 < elements <= MOST_ELEMENTS and scaled and type(value.get("zero_point")) is int


def _passes(value: Any) -> bool:
    if not isinstance(value, dict) or not _flag(value.get("rewrite")) or not _flag(value.get("argmax")):
        return False
    match value.get("input_range"):
        case [int() as low, int() as high]:
            return -128 <= low <= high <= 127
        case _:
            return False


def _labels(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_LISTED and all(isinstance(label, str) for label in value)


def _objects(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_LISTED and all(isinstance(item, dict) for item in value)


FIELDS: Final[Mapping[str, tuple[Check, str]]] = {
    **dict.fromkeys(("tool_version", "board", "core", "project", "build_flags", "build_id"), (_text, "a line of text")),
    "name": (_name, "a name in C"),
    **dict.fromkeys(("trace", "canary"), (_flag, "true or false")),
    **dict.fromkeys(("ram_bytes", "block_bytes", "weight_bytes", "macs", "calls"), (_count, "a whole number")),
    "traced": (_tensor_numbers, "a list of tensors"),
    "input": (_port, "a shape, a scale and a zero point"),
    "output": (_port, "a shape, a scale and a zero point"),
    "passes": (_passes, "an input range and two flags"),
    "labels": (_labels, "a list of texts"),
    "layers": (_objects, "a list of objects"),
}


def wrong_field(manifest: Mapping[str, Any]) -> str:
    """What the first field that does not hold what it should ought to be; empty if all do."""
    for name, (holds, what) in FIELDS.items():
        if name not in manifest:
            return f"it lacks {name}"
        if not holds(manifest[name]):
            return f"{name} is {str(manifest[name])[:60]!r}, it must be {what}"
    return ""
