"""A call of CMSIS-NN for a layer: text of its arrays, and of the call itself.

Names end in the layer's number. `out`, `ctx` and `more_ctx` are the program's (cmsis_nn.py): where the output goes, and
the buffers `scratch` and `more`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from depthwise.codegen.graph import Array, Graph, Node

Values = Mapping[int, Array]


@dataclass(frozen=True, slots=True)
class Call:
    """Text in front of a layer's function, what it returns, and C expressions of the bytes of its buffers."""

    data: str
    call: str
    scratch: str = "0"
    more: str = "0"


class Clamped(Protocol):
    """Numbers of a layer whose output is clamped."""

    @property
    def minimum(self) -> int:
        """Least output."""

    @property
    def maximum(self) -> int:
        """Greatest output."""


Writer = Callable[[Graph, Node, int, Values], Call | None]


def array(kind: str, name: str, data: Iterable[int]) -> str:
    """A constant array."""
    return f"static const {kind} {name}[] __attribute__((aligned(8))) = {{ {', '.join(map(str, data))} }};\n"


def struct(kind: str, name: str, *fields: object) -> str:
    """A constant of one of their types."""
    return f"static const cmsis_nn_{kind} {name} = {{ {', '.join(map(str, fields))} }};\n"


def dims(name: str, shape: tuple[int, ...]) -> str:
    """A shape of at most 4 axes."""
    return struct("dims", name, *(1,) * (4 - len(shape)), *shape)


def clamp(p: Clamped) -> str:
    """Least and greatest output."""
    return f"{{ {p.minimum}, {p.maximum} }}"


def operand(graph: Graph, node: Node, number: int, values: Values, which: int = 0) -> str:
    """What a node reads: what was computed in front of it, or a constant."""
    tensor = node.inputs[which]
    constant = graph.tensors[tensor].data
    data = values[tensor] if constant is None else constant
    return array("int8_t", f"in{which}_{number}", data.ravel().tolist())


def pairs(*of: tuple[int, int]) -> str:
    """Tiles of a width and a height, of (height, width)."""
    return ", ".join(f"{{ {width}, {height} }}" for height, width in of)
