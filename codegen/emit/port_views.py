"""Inputs and outputs of a network as C has them: a name of its own for each, sizes, type, quantization, place."""

import re
from collections.abc import Iterator, Sequence
from math import prod
from typing import Final

from depthwise.codegen.naming import comment
from depthwise.codegen.reserved import C_WORDS

from .port_view import PortView
from .rings import Block

LONGEST: Final = 24
# What converters call tensors that nobody has named; it says less than a number does.
UNNAMED: Final = frozenset(
    {"args", "identity", "inputs", "keras_tensor", "partitionedcall", "statefulpartitionedcall", "tensor"}
)
SIGNATURE: Final = "serving_default_"
# Macros of common platforms in lower case, and what the network's other names begin with.
TAKEN: Final = C_WORDS | {"errno", "far", "linux", "near", "stderr", "stdin", "stdout", "unix", "wants"}


def ports(block: Block) -> tuple[tuple[PortView, ...], tuple[PortView, ...]]:
    """Inputs and outputs of a planned network."""
    graph = block.plan.graph
    names = port_names([graph.tensors[i].name for i in graph.inputs], [graph.tensors[o].name for o in graph.outputs])
    count = len(graph.inputs)
    return _ports(block, graph.inputs, names[:count]), _ports(block, graph.outputs, names[count:])


def port_names(inputs: Sequence[str], outputs: Sequence[str]) -> list[str]:
    """Names of members and macros in C, inputs first, all different: what is left of the tensors' names.

    >>> port_names(["serving_default_left:0", "int"], ["StatefulPartitionedCall:1", "left", "a/b;c"])
    ['left', 'int_input', 'output_0', 'left_output', 'a_b']
    """
    taken: set[str] = set()
    return [*_named(inputs, "input", taken), *_named(outputs, "output", taken)]


def _named(tensors: Sequence[str], what: str, taken: set[str]) -> Iterator[str]:
    for number, tensor in enumerate(tensors):
        fallback = what if len(tensors) == 1 else f"{what}_{number}"
        name = _shortened(tensor, fallback)
        free = (n for n in (name, f"{name}_{what}", f"{name}_{what}_{number}", fallback) if _is_free(n, taken))
        chosen = next(free, f"{fallback}_{len(taken)}")
        taken.add(chosen)
        yield chosen


def _shortened(tensor: str, fallback: str) -> str:
    """A tensor's name without what signatures add, at most LONGEST characters; `fallback` if it says nothing."""
    text = re.sub(r":\d+$", "", tensor.partition(";")[0].removeprefix(SIGNATURE))
    name = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:LONGEST].rstrip("_")
    if re.sub(r"[_\d]+$", "", name) in UNNAMED | {""}:
        return fallback
    return f"n{name}" if name[0].isdigit() else name


def _is_free(name: str, taken: set[str]) -> bool:
    return name not in taken and name not in TAKEN and not name.startswith("wants_")


def _ports(block: Block, tensors: tuple[int, ...], names: Sequence[str]) -> tuple[PortView, ...]:
    sizes = [block.plan.graph.tensors[i].nbytes for i in tensors]
    firsts = [sum(sizes[:at]) for at in range(len(sizes))]
    return tuple(_port(block, *of) for of in zip(tensors, names, firsts, strict=True))


def _port(block: Block, index: int, name: str, first: int) -> PortView:
    tensor, quantization = block.plan.graph.tensors[index], block.plan.graph.tensors[index].quantization
    sizes = tensor.shape[1:] if tensor.shape[:1] == (1,) else tensor.shape
    height, *middle, channels = (1, 1, 1, *sizes)[-max(3, len(sizes)) :]
    return PortView(
        name=name,
        tensor=comment(tensor.name),
        ctype=f"{tensor.dtype.value}_t",
        sizes=sizes or (1,),
        height=height,
        width=prod(middle),
        channels=channels,
        size=tensor.elements,
        bytes=tensor.nbytes,
        row_bytes=tensor.row_bytes,
        rows=tensor.rows,
        scale="" if quantization is None else _literal(quantization.scale),
        zero_point=0 if quantization is None else quantization.zero_point,
        first=first,
        ring=block.ring_name(index),
        row_offset=block.row_offset(index, "y"),
        offset=block.plan.ring_of(index)[0],
    )


def _literal(scale: float) -> str:
    """A float32 as C, with all its digits."""
    text = f"{scale:.9g}f"
    return text if "." in text or "e" in text else text.replace("f", ".0f")
