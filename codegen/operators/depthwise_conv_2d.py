"""DEPTHWISE_CONV_2D: every output channel sees one input channel through a window."""

import operator
from dataclasses import KW_ONLY, dataclass, replace
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import Fields, int32
from depthwise.codegen.graph import Graph, Node, Operation, Pads, Window

from .operator import Operator, Storage
from .parts import channels, facts, reading, shapes, weighted, windowed, writing
from .parts.activation import Activation
from .parts.computing import Float64
from .parts.convolutions import check_convolution, check_written, read_window, window_of, written_dilation
from .parts.quantization import OutputScale
from .parts.weights import Weights, no_border


@dataclass(frozen=True, slots=True)
class DepthwiseConv2D:
    """Reads image [1,H,W,I] · weights [1,KH,KW,I·depth_multiplier] · optional bias; writes [1,OH,OW,I·m].

    Output channel = input channel · depth_multiplier + m. `weight_zero_point` is taken from each weight.
    """

    kind: ClassVar[str] = "DEPTHWISE_CONV_2D"
    stride: tuple[int, int]
    pads: Pads
    dilation: tuple[int, int]
    depth_multiplier: int
    activation: Activation
    _: KW_ONLY
    weight_zero_point: int = 0


def _read(op: reading.RawOperator) -> DepthwiseConv2D:
    over = read_window(op, 6)
    filters, image = op.inputs[1].shape[3], op.inputs[0]
    if len(image.shape) != 4 or filters % image.shape[3]:
        raise ModelError(f"{op.what} has {filters} filters for an input of shape {image.shape}")
    multiplier = filters // image.shape[3]
    return DepthwiseConv2D(over.stride, over.pads, over.dilation, multiplier, reading.activation(op, 4))


def _multiplier(op: Operation) -> int:
    assert isinstance(op, DepthwiseConv2D)
    return op.depth_multiplier


def _window(graph: Graph, node: Node) -> Window:
    op = node.op
    assert isinstance(op, DepthwiseConv2D)
    return window_of(graph, node, stride=op.stride, dilation=op.dilation, pads=op.pads)


def _write(graph: Graph, node: Node) -> writing.Coded:
    check_written(node)
    over = _window(graph, node)
    fields = {**windowed.written(graph, node, over), 3: int32(_multiplier(node.op)), 4: writing.activation(node.op)}
    options = Fields({**fields, **written_dilation(over, 6)})
    return writing.Coded(3 if writing.of_8_bit(graph, node) else 2, 2, options)


def _check(graph: Graph, node: Node) -> None:
    check_convolution(graph, node, _window)
    image, weights = graph.inputs_of(node)[:2]
    shapes.same(node, "filter count", weights.shape[0], 1)
    shapes.same(node, "filters", weights.shape[3], image.shape[3] * _multiplier(node.op))
    weighted.check_channels(node, weights.shape[3], graph.inputs_of(node), graph.output_of(node))


def _sums(graph: Graph, node: Node, centred: Float64, weights: Float64) -> Float64:
    out = graph.output_of(node).shape
    sums, multiplier = np.zeros((len(centred), *out[1:])), _multiplier(node.op)
    for ky, kx, seen in windowed.taps_of(_window(graph, node), centred, out):
        sums += (seen if multiplier == 1 else np.repeat(seen, multiplier, axis=3)) * weights[0, ky, kx]
    return sums


def _resized(op: Operation, inputs: int, outputs: int) -> Operation:
    return replace(op, depth_multiplier=outputs // inputs)


def _channels(_graph: Graph, node: Node) -> channels.ChannelAccess:
    return channels.Multiplied(_multiplier(node.op))


WEIGHTS: Final = Weights(layout="1HWO", sums=_sums, border=no_border, resized=_resized, product=operator.mul)
OPERATOR: Final = Operator(
    operation=DepthwiseConv2D,
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
    rows=windowed.window_rows(_window),
    storage=Storage.OWN,
    window=_window,
    channels=_channels,
    unary_elementwise=False,
    is_identity=facts.never,
    passes_scales=facts.never,
)
