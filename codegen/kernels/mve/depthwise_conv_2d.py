"""DEPTHWISE_CONV_2D for Helium: sixteen channels at a time, products of two taps added in int16."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from depthwise.codegen.graph import Array, Graph, Node
from depthwise.codegen.kernels.data import ArrayView, Constants, array
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.offset import is_on_line
from depthwise.codegen.kernels.plain.scaling import taps_refusal
from depthwise.codegen.kernels.weighted import multiplier_refusal, offset_refusal, parameters_of, taps_of, weights_of
from depthwise.codegen.operators import DepthwiseConv2D

from .scales import SIXTEEN, clamp_fields, scales, suffix_of

LANES: Final = 16
HEADERS: Final = (
    *("dw_asm.h", "dw_mve.h"),
    *("dw_mve_depthwise.h", "dw_mve_depthwise_asm.h", "dw_mve_depthwise_twin.h"),
)
LARGEST_PAIR: Final = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class MveDepthwise:
    """Sizes of rows and of the kernel; `form` is how sums become outputs (dw_mve_depthwise.h)."""

    in_w: int
    out_w: int
    channels: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    form: str

    @property
    def last_inside(self) -> int:
        """The last output whose taps all lie left of the image's right edge."""
        last = (self.in_w - 1 - (self.kernel_w - 1) * self.dilation_w + self.pad_left) // self.stride_w
        return min(last, self.out_w - 1)

    @property
    def abreast(self) -> int:
        """Neighbouring pixels that fill sixteen bytes together, where their taps are neighbours too."""
        return LANES // self.channels if self.stride_w == 1 and LANES % self.channels == 0 else 1


def _refusal(graph: Graph, node: Node) -> str | None:
    reason = multiplier_refusal(node) or offset_refusal(node) or taps_refusal(graph, node)
    if reason is not None:
        return reason
    pair = _largest_pair(weights_of(graph, node))
    if pair > LARGEST_PAIR:
        return f"weights of taps 2k and 2k + 1 add up to {pair}, {LARGEST_PAIR} fits into int16 sums"
    return None


def _largest_pair(weights: Array) -> int:
    """Most that two taps, 2k and 2k + 1, weigh: with |x| at most 128 their products add up within int16, or not."""
    taps = np.abs(weights.astype(np.int64)).reshape(-1, weights.shape[3])
    return int(np.add.reduceat(taps, np.arange(0, len(taps), 2), axis=0).max())


def _shape(layer: Layer) -> MveDepthwise:
    op = layer.node.op
    assert isinstance(op, DepthwiseConv2D)
    kernel_h, kernel_w = taps_of(layer.graph, layer.node)
    return MveDepthwise(
        in_w=layer.input.shape[2],
        out_w=layer.output.shape[2],
        channels=layer.input.shape[3],
        kernel_h=kernel_h,
        kernel_w=kernel_w,
        stride_w=op.stride[1],
        dilation_w=op.dilation[1],
        pad_left=op.pads.left,
        form=f"DW_MVE{suffix_of(layer) or '_plain'}".upper(),
    )


def _constants(layer: Layer) -> Constants:
    weights = by_sixteen(weights_of(layer.graph, layer.node))
    return constants_of(layer, array("int8_t", "weights", "weights [C / 16][KH][KW][16]", weights))


def constants_of(layer: Layer, weights: ArrayView) -> Constants:
    """What a function reads of a layer besides its weights."""
    p = parameters_of(layer)
    arrays = (
        weights,
        scales("blocks", layer, SIXTEEN, SIXTEEN),
        array("int8_t", "border", "a pixel outside of the image", (p.input_zero_point,) * len(p.multipliers)),
    )
    return Constants(arrays, clamp_fields(p, {}))


def by_sixteen(weights: Array) -> Array:
    """Weights [1][KH][KW][C] as [C / 16][KH * KW][16], filled up with the first channels again."""
    taps = weights.reshape(-1, weights.shape[3])
    padded = np.pad(taps, ((0, 0), (0, -taps.shape[1] % LANES)), mode="wrap")
    return padded.reshape(len(taps), -1, LANES).transpose(1, 0, 2)


DEPTHWISE_CONV_2D_MVE: Final = Kernel(
    name="depthwise_conv_2d_mve",
    operators=(DepthwiseConv2D,),
    refusal=_refusal,
    shape=_shape,
    data=LayerData(Struct("dw_mve_depthwise", template=None), _constants),
    headers=HEADERS,
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=None,
    proves=is_on_line,
    traffic=None,
)
