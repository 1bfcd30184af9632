"""The shape of functions that slide a kernel over an image."""

from dataclasses import dataclass

from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.operators import Pads

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowShape:
    """CONV_2D, DEPTHWISE_CONV_2D and the pools: sizes of the image, the output and the kernel.

    A row knows nothing of heights: they are 0 but where a function counts rows. `border_columns` are the columns of
    a bias table, 0 without one. `padded` is 1 where a tap can lie outside, `halves_up` tells how a mean is rounded.
    """

    in_h: int
    in_w: int
    in_c: int
    out_h: int
    out_w: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_h: int
    stride_w: int
    dilation_h: int
    dilation_w: int
    pad_top: int
    pad_left: int
    padded: int
    multiplier: int
    border_columns: int
    halves_up: int


def window_of(
    layer: Layer, *, taps: Pair, stride: Pair, pads: Pads, dilation: Pair = (1, 1), multiplier: int = 1
) -> WindowShape:
    """Shape of a layer's function."""
    _, _, in_w, in_c = layer.input.shape
    _, _, out_w, out_c = layer.output.shape
    return WindowShape(
        in_h=0,
        in_w=in_w,
        in_c=in_c,
        out_h=0,
        out_w=out_w,
        out_c=out_c,
        kernel_h=taps[0],
        kernel_w=taps[1],
        stride_h=stride[0],
        stride_w=stride[1],
        dilation_h=dilation[0],
        dilation_w=dilation[1],
        pad_top=pads.top,
        pad_left=pads.left,
        padded=int(pads != Pads()),
        multiplier=multiplier,
        border_columns=0,
        halves_up=0,
    )
