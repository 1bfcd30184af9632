"""What operators write beside their tensors: a version, and a table of options (schema.fbs, BuiltinOptions).

Versions: tensorflow/lite/tools/versioning/op_version.cc.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from depthwise.codegen.flatbuffer.writing import Field, Fields, Scalar
from depthwise.codegen.graph import DType, Graph, Node, Operation

from .activation import Activation, is_activated
from .reading import ACTIVATIONS


@dataclass(frozen=True, slots=True)
class Coded:
    """What an operator needs beside its tensors: version, number in union BuiltinOptions, options."""

    version: int
    options_type: int
    options: Fields


Write = Callable[[Graph, Node], Coded]


def of_8_bit(graph: Graph, node: Node) -> bool:
    """Tell whether a node reads quantized values, which asks for a later version."""
    return graph.inputs_of(node)[0].dtype is not DType.FLOAT32


def version(graph: Graph, node: Node) -> int:
    """Version of an operator whose int8 form is the second."""
    return 2 if of_8_bit(graph, node) else 1


def coded(graph: Graph, node: Node, options_type: int, fields: Mapping[int, Field]) -> Coded:
    """Options of an operator whose int8 form is version 2."""
    return Coded(version(graph, node), options_type, Fields(fields))


def without_fields(options_type: int) -> Write:
    """For an operator whose options say nothing (0: it has none)."""
    return lambda graph, node: coded(graph, node, options_type, {})


def first_version(options_type: int) -> Write:
    """For an operator whose int8 form has no later version, and whose options say nothing."""
    return lambda _graph, _node: Coded(1, options_type, Fields({}))


def activation(op: Operation) -> Scalar:
    """Field that is a fused activation."""
    fused = op.activation if is_activated(op) else Activation.NONE
    return Scalar("b", ACTIVATIONS.index(fused.value))
