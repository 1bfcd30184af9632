"""SHAPE: the sizes of a tensor, which are known; folded."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.flatbuffer.writing import Field, Scalar
from depthwise.codegen.graph import Array, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, index_arithmetic, intervals, reading, rows, shapes
from .parts.activation import Activation
from .parts.computing import Operands, as_quantized
from .parts.quantization import OutputScale, unchecked

INT32: Final = 2  # TensorType of the schema


@dataclass(frozen=True, slots=True)
class Shape:
    """Reads a tensor; writes its shape as int32 [rank]. Left behind by Keras.

    Limits: folded before code is made.
    """

    kind: ClassVar[str] = "SHAPE"


def _fields(_graph: Graph, _node: Node) -> dict[int, Field]:
    return {0: Scalar("b", INT32)}


def _check(graph: Graph, node: Node) -> None:
    shapes.same(node, "elements", graph.output_of(node).elements, len(graph.inputs_of(node)[0].shape))


def _compute(graph: Graph, node: Node, _operands: Operands, _mode: Mode) -> Array:
    return np.array(graph.inputs_of(node)[0].shape, np.int32)


OPERATOR: Final = Operator(
    operation=Shape,
    activations=facts.one,
    activation=Activation.NONE,
    read=reading.without_options(Shape),
    write=index_arithmetic.write(55, _fields),
    check=index_arithmetic.check(_check),
    check_quantization=unchecked,
    compute=_compute,
    compute_real=as_quantized(_compute),
    keeps_cases=facts.never,
    output_quantization=OutputScale.NONE,
    interval=intervals.no_int8,
    macs=facts.no_macs,
    weights=None,
    rows=rows.whole,
    storage=Storage.OWN,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
