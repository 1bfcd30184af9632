"""FULLY_CONNECTED: a vector times a matrix, or several vectors."""

from dataclasses import dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import Fields, Scalar
from depthwise.codegen.graph import Graph, Node

from .operator import Operator, Storage
from .parts import channels, facts, reading, rows, shapes, weighted, writing
from .parts.activation import Activation
from .parts.computing import Float64
from .parts.quantization import OutputScale
from .parts.weights import Weights, no_border, same_attributes, vectors_of


@dataclass(frozen=True, slots=True)
class FullyConnected:
    """Reads input (V · I elements) · weights [O,I] · optional bias [O]; writes V · O elements: one vector or V.

    Limits: weights that are constant and not shuffled.
    """

    kind: ClassVar[str] = "FULLY_CONNECTED"
    activation: Activation


def _read(op: reading.RawOperator) -> FullyConnected:
    op.need(2, 3)
    if op.options.scalar(1, "b"):
        raise UnsupportedError(f"{op.what} has shuffled weights", "convert the model again")
    return FullyConnected(reading.activation(op, 0))


def _write(graph: Graph, node: Node) -> writing.Coded:
    keeps = len(graph.output_of(node).shape) != 2
    options = Fields({0: writing.activation(node.op), 1: Scalar("b", 0), 2: Scalar("B", keeps)})
    if len(node.inputs) == 2:
        version = 6
    elif keeps:
        version = 5
    else:
        version = 4 if writing.of_8_bit(graph, node) else 1
    return writing.Coded(version, 8, options)


def _check(graph: Graph, node: Node) -> None:
    inputs, out = graph.inputs_of(node), graph.output_of(node)
    shapes.constants(node, inputs[1:])
    weights = inputs[1]
    if len(weights.shape) != 2:
        raise ModelError(f"{node} needs weights [O, I], they have shape {weights.shape}")
    if inputs[0].elements % weights.shape[1]:
        raise ModelError(f"{node} multiplies {inputs[0].elements} inputs by vectors of {weights.shape[1]} weights")
    shapes.same(node, "outputs", out.elements, inputs[0].elements // weights.shape[1] * weights.shape[0])
    weighted.check_channels(node, weights.shape[0], inputs, out)


def _sums(_graph: Graph, _node: Node, centred: Float64, weights: Float64) -> Float64:
    return centred.reshape(-1, weights.shape[1]) @ weights.T


def _rows(graph: Graph, node: Node) -> rows.RowAccess:
    """Pixel by pixel of a map, row by row; else everything at once."""
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    return rows.SameRow() if image.shape[:-1] == out.shape[:-1] and out.rows > 1 else rows.Whole()


def _channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    """Vectors share weights and biases: what is known of a channel in one of them may not hold for the others."""
    return channels.Weighted() if vectors_of(graph, node) == 1 else channels.Mixed()


def _product(a: float, b: float) -> float:
    """LiteRT multiplies in float32 first, as tflite-micro did before 2026-08."""
    return float(np.float32(a) * np.float32(b))


WEIGHTS: Final = Weights(layout="OI", sums=_sums, border=no_border, resized=same_attributes, product=_product)
OPERATOR: Final = Operator(
    operation=FullyConnected,
    activations=facts.one,
    activation=Activation.NONE,
    read=_read,
    write=_write,
    check=_check,
    check_quantization=weighted.check_quantization(WEIGHTS.filter_axis),
    compute=weighted.compute(WEIGHTS),
    compute_real=weighted.compute_real(WEIGHTS),
    keeps_cases=facts.always,
    output_quantization=OutputScale.CALIBRATED,
    interval=weighted.interval(WEIGHTS),
    macs=WEIGHTS.macs,
    weights=WEIGHTS,
    rows=_rows,
    storage=Storage.OWN,
    window=None,
    channels=_channels,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
