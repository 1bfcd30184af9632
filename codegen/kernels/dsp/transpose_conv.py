"""TRANSPOSE_CONV: outputs of each phase of the stride are dot products of the same taps, by blocks along a row."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.cycles import WINDOW_CALL, with_calls
from depthwise.codegen.kernels.data import Constants, array
from depthwise.codegen.kernels.kernel import Events, Kernel, Layer, LayerData, Scratch
from depthwise.codegen.kernels.weighted import taps_of, weights_of
from depthwise.codegen.operators import TransposeConv

from .dots import DOT, dot_fields, most_pixels, row_suffix
from .lines import is_on_moved_line
from .patches import (
    PATCH_HEADERS,
    border_of,
    expansion,
    lane_bytes,
    patch_dots,
    patch_int16,
    patch_refusal,
    patch_scratch,
    read_as,
    stream_size,
    streams,
    whole_words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Outputs that the same taps reach: `down` by `across` of them, `inputs` in all.

    Their stream has `words` in front of it; there are `count` in a row, from column `begin` on, and the first one's
    window begins at column `left`.
    """

    down: int
    across: int
    inputs: int
    words: int
    count: int
    begin: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadDots:
    """Sizes of a row; `most` pixels are gathered at once, whose bytes lie at `patch_at` of the scratch."""

    suffix: str
    expand: str
    in_w: int
    in_c: int
    out_c: int
    stride_h: int
    stride_w: int
    pad_top: int
    taps: int
    most: int
    patch_at: int
    phases: tuple[tuple[Phase, ...], ...]


def _op(node: Node) -> TransposeConv:
    assert isinstance(node.op, TransposeConv)
    return node.op


def _widest(graph: Graph, node: Node) -> tuple[int, int]:
    """Inputs of the largest patch, and outputs of a phase in a row."""
    (stride_h, stride_w), (height, width) = _op(node).stride, taps_of(graph, node)
    taps = -(-height // stride_h) * -(-width // stride_w)
    return whole_words(taps * graph.inputs_of(node)[0].shape[3]), -(-graph.output_of(node).shape[2] // stride_w)


def _refusal(graph: Graph, node: Node) -> str | None:
    stride, kernel = _op(node).stride, taps_of(graph, node)
    if stride[0] > kernel[0] or stride[1] > kernel[1]:
        return (
            f"pixels are spread {stride[0]}x{stride[1]} apart by a kernel of {kernel[0]}x{kernel[1]}: some reach none"
        )
    return patch_refusal(graph, node, _widest(graph, node)[0])


def _phases(layer: Layer) -> tuple[tuple[Phase, ...], ...]:
    op, (height, width) = _op(layer.node), taps_of(layer.graph, layer.node)
    (stride_h, stride_w), left = op.stride, op.pads.left
    _, _, out_w, out_c = layer.output.shape
    words, found = 0, []
    for py in range(stride_h):
        row = []
        for px in range(stride_w):
            down, across = -(-(height - py) // stride_h), -(-(width - px) // stride_w)
            inputs, begin = whole_words(down * across * layer.input.shape[3]), (px - left) % stride_w
            count = max(0, -(-(out_w - begin) // stride_w))
            first = (begin + left - px) // stride_w - (across - 1)
            row.append(
                Phase(down=down, across=across, inputs=inputs, words=words, count=count, begin=begin, left=first)
            )
            words += stream_size(layer, inputs, out_c)
        found.append(tuple(row))
    return tuple(found)


def _shape(layer: Layer) -> SpreadDots:
    op, (inputs, width) = _op(layer.node), _widest(layer.graph, layer.node)
    return SpreadDots(
        suffix=row_suffix(layer, read_as(layer)),
        expand=expansion(layer),
        in_w=layer.input.shape[2],
        in_c=layer.input.shape[3],
        out_c=layer.output.shape[3],
        stride_h=op.stride[0],
        stride_w=op.stride[1],
        pad_top=op.pads.top,
        taps=-(-taps_of(layer.graph, layer.node)[0] // op.stride[0]),
        most=most_pixels(inputs, width),
        patch_at=lane_bytes(inputs, width),
        phases=_phases(layer),
    )


def _parts(layer: Layer) -> Iterator[tuple[slice, Array, Array]]:
    """Channels, weights of each phase in the order of the image, and what the other weights of a channel add up to."""
    weights, (stride_h, stride_w) = weights_of(layer.graph, layer.node), _op(layer.node).stride
    whole = weights.astype(np.int64).sum(axis=(1, 2, 3))
    for py in range(stride_h):
        for px in range(stride_w):
            taps = np.ascontiguousarray(weights[:, py::stride_h, px::stride_w][:, ::-1, ::-1])
            yield slice(None), taps, whole - taps.astype(np.int64).sum(axis=(1, 2, 3))


def _constants(layer: Layer) -> Constants:
    stream = array("uint32_t", "stream", "of each phase in turn, see dw_dsp_dot.h", streams(layer, _parts(layer)))
    return Constants((stream, border_of(layer, layer.input.shape[3])), dot_fields(layer))


def _scratch_bytes(graph: Graph, node: Node) -> int:
    return patch_scratch(*_widest(graph, node))


def _events(layer: Layer) -> Events:
    """As if all rows of the output were divided equally among the phases of their stride."""
    _, height, _, channels = layer.output.shape
    (inputs, width), found = _widest(layer.graph, layer.node), dict[str, float]()
    rows = height / _op(layer.node).stride[0]
    for phase in (phase for row in _phases(layer) for phase in row):
        calls = rows * -(-phase.count // most_pixels(inputs, width))
        taps = rows * phase.count * phase.down
        moved: Events = {"patch call": calls, "patch": rows * phase.count, "patch tap": taps}
        moved["patch group"] = rows * phase.count * phase.inputs / 4
        dots = patch_dots(layer, round(rows * -(-channels // 2)), phase.count, phase.inputs)
        for event, count in (moved | dots).items():
            found[event] = found.get(event, 0.0) + count
    return with_calls(layer, WINDOW_CALL, found)


TRANSPOSE_CONV_DSP: Final = Kernel(
    name="transpose_conv_dsp",
    operators=(TransposeConv,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(DOT, _constants),
    headers=PATCH_HEADERS,
    scratch=Scratch("lanes", _scratch_bytes),
    position=True,
    planar=None,
    int16_weights=patch_int16,
    events=_events,
    proves=is_on_moved_line,
    traffic=None,
)
