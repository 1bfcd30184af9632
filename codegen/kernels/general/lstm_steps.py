"""UNIDIRECTIONAL_SEQUENCE_LSTM, what it computes: gates, cells and hidden values of every step."""

from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import ArrayView, Constants, array, number_fields
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData
from depthwise.codegen.operators import UnidirectionalSequenceLstmState
from depthwise.codegen.operators.parameters import lstm_parameters
from depthwise.codegen.operators.parts.lstm import GATES, SIGMOID, Scaling
from depthwise.codegen.operators.unidirectional_sequence_lstm_state import cells_at, steps_of

from .rendered import computes_any, rendered

FIRST: Final = 3  # of the operands that are constants


@dataclass(frozen=True, slots=True)
class LstmShape:
    """Steps, values that come in at each, cells; the byte at which these are written; and whether they are clipped."""

    steps: int
    inputs: int
    units: int
    cells_at: int
    clips: bool


def lstm_shape(layer: Layer) -> LstmShape:
    """Sizes of a layer."""
    units, inputs = lstm_constant(layer.graph, layer.node, 0).shape
    steps, clips = steps_of(layer.graph, layer.node), lstm_parameters(layer.graph, layer.node).clip is not None
    return LstmShape(steps, inputs, units, cells_at(steps, units), clips)


def _constants(layer: Layer) -> Constants:
    p = lstm_parameters(layer.graph, layer.node)
    weights, recurrent, bias = (_joined(layer, GATES * kind) for kind in range(3))
    scalings = (*p.inputs, *p.recurrent, p.forget, p.update, p.output)
    arrays = (
        array("int8_t", "weights", "input weights [gate][S][I]", weights),
        array("int8_t", "recurrent", "recurrent weights [gate][S][S]", recurrent),
        array("int32_t", "bias", "biases [gate][S]", bias),
        array("uint16_t", "sigmoid", "sigmoid of i/24, Q0.16", SIGMOID),
        _scalings(scalings),
    )
    numbers = {
        "input_zero_point": p.input_zero_point,
        "hidden_zero_point": p.hidden_zero_point,
        "tanh_multiplier": p.tanh.multiplier,
        "tanh_shift": p.tanh.shift,
        "clip": p.clip or 0,
    }
    return Constants(arrays, number_fields(numbers))


def _scalings(scalings: tuple[Scaling, ...]) -> ArrayView:
    flat = chain.from_iterable((s.multiplier, s.shift) for s in scalings)
    return array("int32_t", "scales", "multiplier and shift: inputs, recurrent, forget, update, output", flat)


def _joined(layer: Layer, first: int) -> Array:
    return np.concatenate([lstm_constant(layer.graph, layer.node, first + gate).ravel() for gate in range(GATES)])


def lstm_constant(graph: Graph, node: Node, number: int) -> Array:
    """Input weights, recurrent weights or biases of a gate, numbered in this order."""
    data = graph.tensors[node.inputs[FIRST + number]].data
    assert data is not None
    return data


LSTM_STEPS: Final = Kernel(
    name="lstm_steps",
    operators=(UnidirectionalSequenceLstmState,),
    refusal=computes_any,
    shape=lstm_shape,
    data=LayerData(rendered("dw_lstm_steps"), _constants),
    headers=("dw_lstm.h",),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("lstm_steps"),
    proves=None,
    traffic=None,
)
