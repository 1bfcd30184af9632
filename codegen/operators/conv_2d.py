"""CONV_2D: every output channel sees every input channel through a window, or those of its group."""

import operator
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.writing import Fields
from depthwise.codegen.graph import Graph, Node, Operation, Pads, Window

from .operator import Operator, Storage
from .parts import channels, facts, reading, weighted, windowed, writing
from .parts.activation import Activation
from .parts.border import Border
from .parts.computing import Float64
from .parts.convolutions import check_convolution, check_written, read_window, window_of, written_dilation
from .parts.hints import CONVERT
from .parts.quantization import OutputScale
from .parts.weights import Weights, groups_of, same_attributes, weight_zero_point


@dataclass(frozen=True, slots=True)
class Conv2D:
    """Reads image [1,H,W,I] · weights [O,KH,KW,I] · optional bias [O]; writes [1,OH,OW,O]. (height, width).

    With weights [O,KH,KW,I/G] there are G groups: filters o · G // O read the channels of group o · G // O alone.
    With a `border` the bias is [row classes, column classes, O]. `weight_zero_point` is taken from each weight.
    """

    kind: ClassVar[str] = "CONV_2D"
    stride: tuple[int, int]
    pads: Pads
    dilation: tuple[int, int]
    activation: Activation
    border: Border | None = None
    _: KW_ONLY
    weight_zero_point: int = 0


def _read(op: reading.RawOperator) -> Conv2D:
    over = read_window(op, 5)
    return Conv2D(over.stride, over.pads, over.dilation, reading.activation(op, 3))


def _window(graph: Graph, node: Node) -> Window:
    op = node.op
    assert isinstance(op, Conv2D)
    return window_of(graph, node, stride=op.stride, dilation=op.dilation, pads=op.pads)


def _write(graph: Graph, node: Node) -> writing.Coded:
    check_written(node)
    over = _window(graph, node)
    fields = {**windowed.written(graph, node, over), 3: writing.activation(node.op), **written_dilation(over, 5)}
    return writing.Coded(3 if writing.of_8_bit(graph, node) else 1, 1, Fields(fields))


def _check(graph: Graph, node: Node) -> None:
    check_convolution(graph, node, _window)
    image, weights = graph.inputs_of(node)[:2]
    filters, channels = weights.shape[0], weights.shape[3]
    if image.shape[3] % channels or filters % groups_of(graph, node):
        raise ModelError(
            f"{node} has {filters} filters for {channels} channels, its input of {image.shape[3]} is no such groups"
        )
    _check_zero_point(graph, node)
    weighted.check_channels(node, weights.shape[0], graph.inputs_of(node), graph.output_of(node))


def _check_zero_point(graph: Graph, node: Node) -> None:
    """Refuse weights with a zero point where kernels take bytes alone."""
    zero_point, groups = weight_zero_point(node.op), groups_of(graph, node)
    if zero_point and (groups > 1 or _border(node.op) is not None):
        where = f"in {groups} groups" if groups > 1 else "and a bias that depends on the position"
        raise UnsupportedError(f"{node} has weights with zero point {zero_point} {where}", CONVERT)


def _sums(graph: Graph, node: Node, centred: Float64, weights: Float64) -> Float64:
    out = graph.output_of(node).shape
    sums = np.zeros((len(centred), *out[1:]))
    groups, read = groups_of(graph, node), weights.shape[3]
    by_group = weights.reshape(groups, -1, *weights.shape[1:])
    for ky, kx, seen in windowed.taps_of(_window(graph, node), centred, out):
        if groups == 1:
            sums += seen @ weights[:, ky, kx].T
            continue
        apart = seen.reshape(*seen.shape[:3], groups, 1, read)
        sums += (apart * by_group[:, :, ky, kx]).sum(axis=-1).reshape(sums.shape)
    return sums


def _channels(graph: Graph, node: Node) -> channels.ChannelAccess:
    """Groups keep their sizes, and a zero point of weights has kernels of its own: no channel can be left out."""
    apart = groups_of(graph, node) > 1 or weight_zero_point(node.op) != 0
    return channels.Mixed() if apart else channels.Weighted()


def _border(op: Operation) -> Border | None:
    assert isinstance(op, Conv2D)
    return op.border


WEIGHTS: Final = Weights(layout="OHWI", sums=_sums, border=_border, resized=same_attributes, product=operator.mul)
OPERATOR: Final = Operator(
    operation=Conv2D,
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
