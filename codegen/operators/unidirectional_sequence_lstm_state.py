"""UNIDIRECTIONAL_SEQUENCE_LSTM, what it computes: hidden values of all steps, and the cells behind the last one."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import LARGEST, Int64, Mode, requantize
from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Array, DType, Graph, Node, Tensor

from .operator import Operator, Storage
from .parts import channels, facts, intervals, lstm, reading, rows, shapes, svdf, writing
from .parts.activation import Activation
from .parts.computing import Operands, quantized, refuse_quantized
from .parts.hints import CONVERT
from .parts.lstm import GATES, Scaling, TanhInput
from .parts.quantization import OutputScale, activation, per_tensor, quantization_of

TANH: Final = 4  # ActivationFunctionType
INPUTS: Final = 3 + 3 * GATES


@dataclass(frozen=True, slots=True)
class UnidirectionalSequenceLstmState:
    """Reads input [1,T,I] (or [T,1,I]: `time_major`) · hidden [1,S], int8 · cells [1,S], int16, before the first step.

    Behind these are constants: input weights [S,I], recurrent weights [S,S] and biases [S], each for the input,
    forget, cell and output gate. Writes bytes [1,N]: hidden values of each step, and at an even place the int16 cells
    behind the last one, of which `UnidirectionalSequenceLstm` takes what its output and the states are. Cells are
    clipped to ±`cell_clip` if that is not 0. In a model file all of it is one operator.
    """

    kind: ClassVar[str] = "UNIDIRECTIONAL_SEQUENCE_LSTM_STATE"
    time_major: bool
    cell_clip: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LstmParameters:
    """Scalings of each gate's sums, and of the products that make cells and hidden values; a clip of 0 leaves 0."""

    input_zero_point: int
    hidden_zero_point: int
    inputs: tuple[Scaling, ...]
    recurrent: tuple[Scaling, ...]
    forget: Scaling
    update: Scaling
    output: Scaling
    tanh: TanhInput
    clip: int | None


def lstm_parameters(graph: Graph, node: Node) -> LstmParameters:
    """Parameters of an LSTM."""
    op, tensors = _op(node), graph.inputs_of(node)
    image, hidden, cells, weights, recurrent = *tensors[:3], tensors[3 : 3 + GATES], tensors[3 + GATES : 3 + 2 * GATES]
    x, h, c = (quantization_of(t) for t in (image, hidden, cells))
    unit = lstm.FUNCTION_SCALE
    return LstmParameters(
        input_zero_point=x.zero_point,
        hidden_zero_point=h.zero_point,
        inputs=tuple(Scaling.of(x.scale * quantization_of(w).scale / lstm.GATE_SCALE) for w in weights),
        recurrent=tuple(Scaling.of(h.scale * quantization_of(w).scale / lstm.GATE_SCALE) for w in recurrent),
        forget=Scaling.of(unit * c.scale / c.scale),
        update=Scaling.of(unit * unit / c.scale),
        output=Scaling.of(unit * unit / h.scale),
        tanh=lstm.tanh_input(lstm.power_of(node, cells)),
        clip=int(min(op.cell_clip / c.scale, lstm.HIGH)) if op.cell_clip > 0 else None,
    )


def _op(node: Node) -> UnidirectionalSequenceLstmState:
    assert isinstance(node.op, UnidirectionalSequenceLstmState)
    return node.op


def _read(op: reading.RawOperator) -> UnidirectionalSequenceLstmState:
    op.need(INPUTS, INPUTS)
    if (given := op.options.scalar(0, "b")) != TANH:
        raise UnsupportedError(f"{op.what} has activation {given}, only TANH ({TANH}) is done", "use tanh")
    clip = op.options.real(1, 0.0)
    if not 0 <= clip < float("inf"):
        raise ModelError(f"{op.what} clips cells to {clip}, it must be 0 or more")
    return UnidirectionalSequenceLstmState(bool(op.options.scalar(3, "b")), clip)


def steps_of(graph: Graph, node: Node) -> int:
    """Steps in time."""
    return graph.inputs_of(node)[0].shape[0 if _op(node).time_major else 1]


def cells_at(steps: int, units: int) -> int:
    """The byte of what is written at which the cells begin, the next even one behind the hidden values."""
    return steps * units + steps * units % 2


def made_bytes(steps: int, units: int) -> int:
    """How many bytes are written."""
    return cells_at(steps, units) + 2 * units


def _check(graph: Graph, node: Node) -> None:
    image, hidden, cells, *constants = graph.inputs_of(node)
    shapes.constants(node, constants)
    if len(image.shape) != 3 or image.shape[1 if _op(node).time_major else 0] != 1:
        raise UnsupportedError(
            f"{node} reads shape {image.shape}, sequences [1, T, I] are needed, or [T, 1, I]",
            "convert the model with batch size 1",
        )
    units, inputs = constants[0].shape[0] if constants[0].shape else 0, image.shape[2]
    shapes.same(node, "hidden values", hidden.elements, units)
    shapes.same(node, "cells", cells.elements, units)
    for gate in range(GATES):
        shapes.same(node, "input weights", constants[gate].shape, (units, inputs))
        shapes.same(node, "recurrent weights", constants[GATES + gate].shape, (units, units))
        shapes.same(node, "biases", constants[2 * GATES + gate].shape, (units,))
    shapes.same(node, "output", graph.output_of(node).shape, (1, made_bytes(steps_of(graph, node), units)))


def _check_quantization(graph: Graph, node: Node) -> None:
    image, hidden, cells, *constants = graph.inputs_of(node)
    for tensor in (image, hidden, graph.output_of(node)):
        activation(node, tensor)
    if cells.dtype is not DType.INT16:
        raise UnsupportedError(
            f"{node} keeps {cells.dtype.value} cells (tensor {cells.index}), int16 is needed", CONVERT
        )
    per_tensor(node, cells)
    lstm.power_of(node, cells)
    for weights in constants[: 2 * GATES]:
        svdf.check_weights(node, weights, DType.INT8)
    for bias, weights in zip(constants[2 * GATES :], constants[:GATES], strict=True):
        _check_bias(node, bias, weights)


def _check_bias(node: Node, bias: Tensor, weights: Tensor) -> None:
    """Biases are int32, and with them no sum leaves it."""
    if bias.dtype is not DType.INT32:
        raise UnsupportedError(f"{node} has {bias.dtype.value} biases, int32 is needed", CONVERT)
    assert bias.data is not None
    reached = int(np.abs(bias.data.astype(np.int64)).max()) + 255 * 128 * weights.shape[1]
    if reached > LARGEST:
        raise UnsupportedError(f"{node} can reach a sum of {reached:,}, int32 holds {LARGEST:,}", "quantize it again")


def _compute(graph: Graph, node: Node, operands: Operands, _mode: Mode) -> Array:
    p, units = lstm_parameters(graph, node), operands[2].size
    x = operands[0].astype(np.int64).reshape(steps_of(graph, node), -1) - p.input_zero_point
    hidden, cells = (operands[i].astype(np.int64).ravel() for i in (1, 2))
    found = np.zeros(made_bytes(len(x), units), np.int8)
    for step, given in enumerate(x):
        gates = [_gate(p, operands, gate, given, hidden - p.hidden_zero_point) for gate in range(GATES)]
        update, forget, new, output = (
            lstm.tanh(g, lstm.tanh_input(-12)) if number == 2 else lstm.sigmoid(g) for number, g in enumerate(gates)
        )
        cells = np.clip(p.forget.applied(forget * cells) + p.update.applied(update * new), lstm.LOW, lstm.HIGH)
        cells = cells if p.clip is None else np.clip(cells, -p.clip, p.clip)
        scaled = requantize(lstm.tanh(cells, p.tanh) * output, p.output.multiplier, p.output.shift)
        hidden = np.clip(scaled + p.hidden_zero_point, -128, 127)
        found[step * units : (step + 1) * units] = hidden
    found[cells_at(len(x), units) :] = np.frombuffer(cells.astype("<i2").tobytes(), np.int8)
    return found[None]


def _gate(p: LstmParameters, operands: Operands, gate: int, given: Int64, hidden: Int64) -> Int64:
    weights, recurrent, bias = (operands[3 + gate + GATES * i].astype(np.int64) for i in range(3))
    sums = p.inputs[gate].applied(weights @ given + bias), p.recurrent[gate].applied(recurrent @ hidden)
    return np.asarray(np.clip(sums[0] + sums[1], lstm.LOW, lstm.HIGH))


def _macs(graph: Graph, node: Node) -> int:
    weights = sum(t.elements for t in graph.inputs_of(node)[3 : 3 + 2 * GATES])
    return steps_of(graph, node) * weights


OPERATOR: Final = Operator(
    operation=UnidirectionalSequenceLstmState,
    activations=lambda _node: 3,
    activation=Activation.NONE,
    read=_read,
    write=writing.without_fields(0),
    check=_check,
    check_quantization=_check_quantization,
    compute=quantized(_compute),
    compute_real=refuse_quantized,
    keeps_cases=facts.never,
    output_quantization=OutputScale.NONE,
    interval=intervals.widest,
    macs=_macs,
    weights=None,
    rows=rows.whole,
    storage=Storage.OWN,
    window=None,
    channels=channels.mixed,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
