"""A call of CMSIS-NN for a layer: text of its arrays, and of the call itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from depthwise.codegen.graph import Array, Graph, Node

Values = Mapping[int, Array]


@dataclass(frozen=True, slots=True)
class Call:
    """Text in front of a layer's function, what it returns, and C expressions of the bytes of its buffers."""

    data: str
    call: str
    scratch: str = "0"
    more: str = "0"


Writer = Callable[[Graph, Node, int, Values], Call | None]


def array(kind: str, name: str, data: Iterable[int]) -> str:
    """A constant array."""
    return f"static const {kind} {name}[] __attribute__((aligned(8))) = {{ {', '.join(map(str, data))} }};\n"


def dims(name: str, shape: tuple[int, ...]) -> str:
    """A shape of at most 4 axes."""
    return f"static const cmsis_nn_dims {name} = {{ {', '.join(map(str, (*(1,) * (4 - len(shape)), *shape)))} }};\n"


def operand(graph: Graph, node: Node, number: int, values: Values, which: int = 0) -> str:
    """What a node reads: what was computed in front of it, or a constant."""
    tensor = node.inputs[which]
    constant = graph.tensors[tensor].data
    data = values[tensor] if constant is None else constant
    return array("int8_t", f"in{which}_{number}", data.ravel().tolist())
