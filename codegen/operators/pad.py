"""PAD: an image with a border of the zero point around."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, Graph, Node, Pads

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, shapes, writing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, in_float64, quantized
from .parts.quantization import OutputScale, int8, kept, quantization_of
from .parts.rows import RowAccess, ShiftedRow


@dataclass(frozen=True, slots=True)
class Pad:
    """Reads image [1,H,W,C] (· paddings, a constant); writes it with `pads` of the zero point around."""

    kind: ClassVar[str] = "PAD"
    pads: Pads


def _read(op: reading.RawOperator) -> Pad:
    op.need(2, 2)
    amounts = reading.integers(op, 1)
    if op.inputs[1].shape != (4, 2):
        raise UnsupportedError(f"{op.what} has paddings of shape {op.inputs[1].shape}, they must be (4, 2)")
    n0, n1, top, bottom, left, right, c0, c1 = amounts
    if n0 or n1 or c0 or c1 or min(top, bottom, left, right) < 0:
        raise UnsupportedError(f"{op.what} pads {amounts}, only height and width can be padded")
    return Pad(Pads(top, bottom, left, right))


def _pads(node: Node) -> Pads:
    assert isinstance(node.op, Pad)
    return node.op.pads


def _check(graph: Graph, node: Node) -> None:
    image, p = graph.inputs_of(node)[0], _pads(node)
    shapes.rank4(node, image)
    _, height, width, depth = image.shape
    padded = (1, p.top + height + p.bottom, p.left + width + p.right, depth)
    shapes.same(node, "output shape", graph.output_of(node).shape, padded)


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    zero_point = quantization_of(graph.output_of(node)).zero_point
    return np.pad(operands[0], _pads(node).border, constant_values=zero_point)


def _compute_real(_graph: Graph, node: Node, operands: tuple[Float64, ...]) -> Float64:
    return np.pad(operands[0], _pads(node).border)


def _rows(_graph: Graph, node: Node) -> RowAccess:
    return ShiftedRow(_pads(node).top)


def _is_identity(_graph: Graph, node: Node) -> bool:
    return _pads(node) == Pads()


COMPUTE: Final = quantized(_compute)
OPERATOR: Final = Operator(
    operation=Pad,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=writing.without_fields(22),
    check=_check,
    check_quantization=int8(kept),
    compute=COMPUTE,
    compute_real=in_float64(_compute_real),
    keeps_cases=facts.always,
    output_quantization=OutputScale.KEPT,
    interval=intervals.rising(COMPUTE),
    macs=facts.no_macs,
    weights=None,
    rows=_rows,
    storage=Storage.OWN,
    window=None,
    channels=channels.alike,
    unary_elementwise=False,
    is_identity=_is_identity,
    passes_scales=facts.always,
)
