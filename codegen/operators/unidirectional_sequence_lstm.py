"""UNIDIRECTIONAL_SEQUENCE_LSTM, what it gives: hidden values of all steps, and both states behind the last one."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import Fields, Scalar
from depthwise.codegen.graph import Array, DType, Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.computing import Operands, quantized, refuse_quantized
from .parts.hints import CONVERT
from .parts.quantization import OutputScale, per_tensor
from .unidirectional_sequence_lstm_state import TANH, UnidirectionalSequenceLstmState, cells_at, made_bytes


@dataclass(frozen=True, slots=True)
class UnidirectionalSequenceLstm:
    """Reads the bytes that `UnidirectionalSequenceLstmState` writes; writes hidden values of its last steps, or cells.

    An int16 output has the cells [1,S], an int8 one hidden values: all of them [1,T,S], or the last ones [1,S].

    Limits: int8 activations, int16 cells of a scale 2^n; four gates, no peepholes, projection or normalization.
    """

    kind: ClassVar[str] = "UNIDIRECTIONAL_SEQUENCE_LSTM"
    steps: int
    units: int


def _read(op: reading.RawOperator) -> UnidirectionalSequenceLstm:
    op.need(1, 1, several=True)
    values, hidden, _ = op.outputs
    return UnidirectionalSequenceLstm(values.elements // max(hidden.elements, 1), hidden.elements)


def _op(node: Node) -> UnidirectionalSequenceLstm:
    assert isinstance(node.op, UnidirectionalSequenceLstm)
    return node.op


def _write(graph: Graph, node: Node) -> writing.Coded:
    op = next(n.op for n in graph.nodes if n.output == node.inputs[0])
    assert isinstance(op, UnidirectionalSequenceLstmState)
    fields = {0: Scalar("b", TANH), 1: Scalar("f", op.cell_clip), 3: Scalar("B", op.time_major)}
    return writing.Coded(3, 71, Fields(fields))


def _check(graph: Graph, node: Node) -> None:
    steps, units = _op(node).steps, _op(node).units
    shapes.same(node, "bytes of its steps", graph.inputs_of(node)[0].shape, (1, made_bytes(steps, units)))
    out = graph.output_of(node)
    if out.elements not in (units, steps * units):
        raise ModelError(f"{node} writes {out.elements} elements, {units} for each of {steps} steps are there")


def _check_quantization(graph: Graph, node: Node) -> None:
    out = graph.output_of(node)
    if out.dtype not in (DType.INT8, DType.INT16):
        raise UnsupportedError(f"{node} writes {out.dtype.value} tensor {out.index}, int8 is needed", CONVERT)
    per_tensor(node, out)


def first_of(graph: Graph, node: Node) -> int:
    """The byte of what is read at which that begins which is taken."""
    op, out = _op(node), graph.output_of(node)
    return cells_at(op.steps, op.units) if out.dtype is DType.INT16 else op.steps * op.units - out.elements


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    out, first = graph.output_of(node), first_of(graph, node)
    if out.dtype is DType.INT16:
        return np.frombuffer(operands[0][0, first:].tobytes(), "<i2").astype(np.int16).reshape(out.shape)
    return np.array(operands[0][0, first : first + out.elements]).reshape(out.shape)


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
    storage=Storage.MOVED,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
