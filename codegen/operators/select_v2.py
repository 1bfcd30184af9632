"""SELECT_V2: of two tensors, the one that a condition picks, element by element; SELECT is read as it."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import Array, Graph, Node, Quantization

from .operator import Operator, Storage
from .parts import channels, facts, intervals, quantization, reading, rows, writing
from .parts.activation import Activation
from .parts.computing import Float64, Operands, in_float64, quantized
from .parts.quantization import OutputScale, kept_by

CONDITION: Final = Quantization((1.0,), (0,))


@dataclass(frozen=True, slots=True)
class SelectV2:
    """Reads a condition (0: false) · a tensor · another; writes the first where the condition holds, else the second.

    Limits: shapes of the output's; either tensor may be one constant number.
    """

    kind: ClassVar[str] = "SELECT_V2"


def conditions(graph: Graph) -> frozenset[int]:
    """Tensors that are conditions: bool in a file, int8 here."""
    return frozenset(n.inputs[0] for n in graph.nodes if isinstance(n.op, SelectV2))


def _check(graph: Graph, node: Node) -> None:
    out, (condition, *picked) = graph.output_of(node), graph.inputs_of(node)
    for tensor in (condition, *picked):
        is_number = tensor is not condition and tensor.data is not None and tensor.elements == 1
        if not is_number and (tensor.data is not None or tensor.shape != out.shape):
            raise UnsupportedError(
                f"{node} picks from tensor {tensor.index} of shape {tensor.shape} for {out.shape}",
                "each must have the output's shape, or be one constant number",
            )


def _check_quantization(graph: Graph, node: Node) -> None:
    out, (condition, *picked) = graph.output_of(node), graph.inputs_of(node)
    for tensor in (condition, *picked, out):
        quantization.activation(node, tensor)
    for tensor in picked:
        kept_by(node, tensor, out)


def _compute(_graph: Graph, _node: Node, operands: Operands, _mode: Mode) -> Array:
    return np.where(operands[0] != 0, operands[1], operands[2])


def _compute_real(_graph: Graph, _node: Node, operands: tuple[Float64, ...]) -> Float64:
    return np.where(operands[0] != 0, operands[1], operands[2])


OPERATOR: Final = Operator(
    operation=SelectV2,
    activations=facts.none,
    activation=Activation.NONE,
    read=reading.without_options(SelectV2, 3, 3),
    write=writing.first_version(98),
    check=_check,
    check_quantization=_check_quantization,
    compute=quantized(_compute),
    compute_real=in_float64(_compute_real),
    keeps_cases=facts.always,
    output_quantization=OutputScale.NONE,
    interval=intervals.widest,
    macs=facts.no_macs,
    weights=None,
    rows=rows.same_row,
    storage=Storage.OVERWRITES,
    window=None,
    channels=channels.alike,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
