"""FILL: one value everywhere, which Keras' recurrent layers begin with; folded."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, index_arithmetic, intervals, reading, rows, shapes
from .parts.activation import Activation
from .parts.computing import Operands, as_quantized
from .parts.quantization import OutputScale, kept_by


@dataclass(frozen=True, slots=True)
class Fill:
    """Reads sizes, int32 [rank] · a value, a constant; writes a tensor of these sizes, full of it.

    Limits: folded before code is made.
    """

    kind: ClassVar[str] = "FILL"


def _check(graph: Graph, node: Node) -> None:
    (sizes, value), out = graph.inputs_of(node), graph.output_of(node)
    shapes.same(node, "sizes", sizes.dtype, DType.INT32)
    shapes.same(node, "axes", len(out.shape), sizes.elements)
    if sizes.data is not None:
        shapes.same(node, "output shape", out.shape, tuple(sizes.data.ravel().tolist()))
    if value.data is None or value.elements != 1:
        raise UnsupportedError(f"{node} fills with a value that is computed", "it must be one constant")
    shapes.same(node, "type", out.dtype, value.dtype)


def _check_quantization(graph: Graph, node: Node) -> None:
    kept_by(node, graph.inputs_of(node)[1], graph.output_of(node))


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    out = graph.output_of(node)
    shapes.same(node, "output shape", out.shape, tuple(operands[0].ravel().tolist()))
    return np.full(out.shape, operands[1].ravel()[0])


OPERATOR: Final = Operator(
    operation=Fill,
    activations=facts.one,
    activation=Activation.NONE,
    read=reading.without_options(Fill, 2, 2),
    write=index_arithmetic.write(68, lambda _graph, _node: {}),
    check=_check,
    check_quantization=_check_quantization,
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
