"""UNIDIRECTIONAL_SEQUENCE_LSTM, what it gives: hidden values of all steps, and both states behind the last one."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import Fields, Scalar
from depthwise.codegen.graph import Array, DType, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, writing
from .parts.activation import Activation
from .parts.computing import Operands, quantized, refuse_quantized
from .parts.hints import CONVERT
from .parts.quantization import OutputScale, per_tensor
from .unidirectional_sequence_lstm_state import TANH, UnidirectionalSequenceLstmState


@dataclass(frozen=True, slots=True)
class UnidirectionalSequenceLstm:
    """Reads what `UnidirectionalSequenceLstmState` writes, [1,T,2·S]; writes of its last steps, as many as fit.

    An int16 output has cells, an int8 one hidden values: all of them [1,T,S], or the last ones [1,S].

    Limits: int8 activations, int16 cells of a scale 2^n; four gates, no peepholes, projection or normalization.
    """

    kind: ClassVar[str] = "UNIDIRECTIONAL_SEQUENCE_LSTM"


def _read(op: reading.RawOperator) -> UnidirectionalSequenceLstm:
    op.need(1, 1, several=True)
    return UnidirectionalSequenceLstm()


def _write(graph: Graph, node: Node) -> writing.Coded:
    op = next(n.op for n in graph.nodes if n.output == node.inputs[0])
    assert isinstance(op, UnidirectionalSequenceLstmState)
    fields = {0: Scalar("b", TANH), 1: Scalar("f", op.cell_clip), 3: Scalar("B", op.time_major)}
    return writing.Coded(3, 71, Fields(fields))


def _check(graph: Graph, node: Node) -> None:
    steps, units = graph.inputs_of(node)[0].shape[1], graph.inputs_of(node)[0].shape[2] // 2
    out = graph.output_of(node)
    if out.elements not in (units, steps * units):
        raise ModelError(f"{node} writes {out.elements} elements, {units} for each of {steps} steps are there")


def _check_quantization(graph: Graph, node: Node) -> None:
    out = graph.output_of(node)
    if out.dtype not in (DType.INT8, DType.INT16):
        raise UnsupportedError(f"{node} writes {out.dtype.value} tensor {out.index}, int8 is needed", CONVERT)
    per_tensor(node, out)


def first_of(graph: Graph, node: Node) -> int:
    """Where in a step the first element lies that is taken."""
    return 0 if graph.output_of(node).dtype is DType.INT16 else graph.inputs_of(node)[0].shape[2] // 2


def taken_steps(graph: Graph, node: Node) -> int:
    """How many steps are taken, the last ones."""
    return graph.output_of(node).elements * 2 // graph.inputs_of(node)[0].shape[2]


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    out, first, units = graph.output_of(node), first_of(graph, node), operands[0].shape[2] // 2
    taken = operands[0][:, -taken_steps(graph, node) :, first : first + units]
    return taken.astype(np.dtype(out.dtype.value)).reshape(out.shape)


OPERATOR: Final = Operator(
    operation=UnidirectionalSequenceLstm,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check=_check,
    check_quantization=_check_quantization,
    compute=quantized(_compute),
    compute_real=refuse_quantized,
    keeps_cases=facts.never,
    output_quantization=OutputScale.NONE,
    interval=intervals.widest,
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
