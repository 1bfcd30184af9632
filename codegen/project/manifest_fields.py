"""What each field of a manifest holds: a file that anybody may have edited is held to it before it is used."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from depthwise.codegen.graph.limits import MOST_ELEMENTS
from depthwise.codegen.naming import identifier

Check = Callable[[Any], bool]
MOST_BYTES: Final = 1 << 32
MOST_LISTED: Final = 20_000
MOST_PORTS: Final = 1000
# What kernels are chosen by, besides the core.
STORAGE: Final = ("int16_from", "most_scratch")


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


def _ports(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MOST_PORTS and all(map(_any_port, value))


def _any_port(value: Any) -> bool:
    """A port of several; what is not quantized has no scale."""
    if (
        not isinstance(value, dict)
        or not _text(value.get("name"))
        or value.get("type") not in {"int8", "int16", "int32"}
    ):
        return False
    return _port(value if value.get("scale") is not None else {**value, "scale": 1.0})


def _row_order(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(type(n) is int and 0 <= n < 1 << 16 for n in pair)
        for pair in value
    )


def _sequence(value: Any) -> bool:
    return type(value) is int and 1 <= value <= MOST_LISTED


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


def _segments(value: Any) -> bool:
    """Pairs that follow one another from 0 on."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_LISTED or not all(map(_tensor_numbers, value)):
        return False
    starts = [0, *(pair[1] for pair in value if len(pair) == 2)]
    return len(starts) == len(value) + 1 and all(
        pair[0] == start < pair[1] for pair, start in zip(value, starts, strict=False)
    )


def _limits(value: Any) -> bool:
    return (
        isinstance(value, dict) and set(value) == set(STORAGE) and all(n is None or _count(n) for n in value.values())
    )


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
    "passes": (_passes, "an input range and two flags"),
    "labels": (_labels, "a list of texts"),
    "layers": (_objects, "a list of objects"),
}
# Of a network with one int8 input and one int8 output, and of any other.
ENDS: Final[Mapping[str, tuple[Check, str]]] = {
    "input": (_port, "a shape, a scale and a zero point"),
    "output": (_port, "a shape, a scale and a zero point"),
}
PORTS: Final[Mapping[str, tuple[Check, str]]] = {
    "inputs": (_ports, "a list of names, types, shapes, scales and zero points"),
    "outputs": (_ports, "a list of names, types, shapes, scales and zero points"),
    "row_order": (_row_order, "a list of inputs and numbers of rows"),
}


# Of a network with state; the plan, by which times are predicted; of an application that captures.
MAY_BE_MISSING: Final[Mapping[str, tuple[Check, str]]] = {
    "sequence": (_sequence, "the length of a sequence"),
    "kernels": (_limits, "what kernels were chosen by"),
    "segments": (_segments, "pairs of nodes that follow one another"),
    "capture": (_flag, "true or false"),
}


def wrong_field(manifest: Mapping[str, Any]) -> str:
    """What the first field that does not hold what it should ought to be; empty if all do."""
    ends = PORTS if "inputs" in manifest else ENDS
    given = {name: field for name, field in MAY_BE_MISSING.items() if name in manifest}
    for name, (holds, what) in {**FIELDS, **ends, **given}.items():
        if name not in manifest:
            return f"it lacks {name}"
        if not holds(manifest[name]):
            return f"{name} is {str(manifest[name])[:60]!r}, it must be {what}"
    return ""
