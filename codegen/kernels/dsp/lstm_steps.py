"""UNIDIRECTIONAL_SEQUENCE_LSTM: the weights of two gates of a unit in each int16 lane."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.cycles import CALL, with_calls
from depthwise.codegen.kernels.data import ArrayView, Constants, array, number_fields
from depthwise.codegen.kernels.general.lstm_steps import LSTM_STEPS, lstm_constant
from depthwise.codegen.kernels.kernel import Events, Layer, LayerData, Scratch, Struct
from depthwise.codegen.operators.parameters import lstm_parameters
from depthwise.codegen.operators.parts.lstm import GATES, HIGH, LOW, SIGMOID, Scaling
from depthwise.codegen.operators.unidirectional_sequence_lstm_state import steps_of

from .quads import QUAD_HEADERS, narrow_numbers, quad_words, quads_refusal


def _weights(graph: Graph, node: Node, kind: int) -> Array:
    """Weights [unit][gate][input], of inputs or of hidden values; or biases [unit][gate]."""
    return np.stack([lstm_constant(graph, node, GATES * kind + gate) for gate in range(GATES)], axis=1)


def _refusal(graph: Graph, node: Node) -> str | None:
    p = lstm_parameters(graph, node)
    if max(p.forget.shift, p.update.shift, p.output.shift) > 0:
        return "a product of its functions is scaled by 1 or more"
    biases = np.abs(_weights(graph, node, 2).astype(np.int64))
    kinds = ((p.inputs, biases), (p.recurrent, np.zeros_like(biases)))
    found = (
        quads_refusal(_weights(graph, node, kind), added, [scale.shift for scale in scales])
        for kind, (scales, added) in enumerate(kinds)
    )
    return next(filter(None, found), None)


def _constants(layer: Layer) -> Constants:
    p = lstm_parameters(layer.graph, layer.node)
    scalings = (*p.inputs, *p.recurrent, p.forget, p.update, p.output)
    units, _, inputs = _weights(layer.graph, layer.node, 0).shape
    arrays = (
        array("uint32_t", "stream", "see dw_dsp_lstm.h", _stream(layer)),
        array("uint16_t", "sigmoid", "sigmoid of i/24, Q0.16", SIGMOID),
        _scales(scalings),
    )
    clip = (LOW, HIGH) if p.clip is None else (-p.clip, p.clip)
    numbers = {
        "units": units,
        "input_groups": -(-inputs // 4),
        "hidden_groups": -(-units // 4),
        "hidden_zero_point": p.hidden_zero_point,
        "tanh_multiplier": p.tanh.multiplier,
        "tanh_shift": p.tanh.shift,
        "minimum": clip[0],
        "maximum": clip[1],
    }
    return Constants(arrays, number_fields(numbers))


def _stream(layer: Layer) -> Iterator[int]:
    """Numbers in the order in which units read them."""
    p = lstm_parameters(layer.graph, layer.node)
    weights, recurrent, biases = (_weights(layer.graph, layer.node, kind) for kind in range(3))
    back = np.zeros_like(biases)
    for unit in range(len(weights)):
        yield from quad_words(weights[unit], biases[unit], p.input_zero_point)
        yield from quad_words(recurrent[unit], back[unit], p.hidden_zero_point)


def _scales(scalings: tuple[Scaling, ...]) -> ArrayView:
    flat = chain.from_iterable(narrow_numbers(s.multiplier, s.shift) for s in scalings)
    about = "multiplier, half, negative, shifts: inputs, recurrent, forget, update, output"
    one = "{ " + ", ".join(["%s"] * 5) + " }"
    return ArrayView("struct dw_narrow", "scales", about, values=tuple(flat), pattern=one)


def _groups(graph: Graph, node: Node) -> int:
    """Groups of four inputs and hidden values that a unit reads."""
    return sum(-(-int(size) // 4) for size in lstm_constant(graph, node, 0).shape)


def _scratch_bytes(graph: Graph, node: Node) -> int:
    """A step's inputs where they are no whole words."""
    inputs = int(lstm_constant(graph, node, 0).shape[1])
    return inputs + 4 - inputs % 4 if inputs % 4 else 0


def _events(layer: Layer) -> Events:
    steps, groups = steps_of(layer.graph, layer.node), _groups(layer.graph, layer.node)
    units = len(lstm_constant(layer.graph, layer.node, 0))
    found: Events = {"lstm step": steps, "lstm unit": steps * units, "group of 2 pairs": steps * units * groups}
    return with_calls(layer, CALL, found)


LSTM_STEPS_DSP: Final = replace(
    LSTM_STEPS,
    name="lstm_steps_dsp",
    refusal=_refusal,
    data=LayerData(Struct("dw_lstm_pairs", template=None), _constants),
    headers=(*QUAD_HEADERS, "dw_lstm.h", "dw_dsp_lstm.h"),
    scratch=Scratch("bytes", _scratch_bytes),
    events=_events,
)
