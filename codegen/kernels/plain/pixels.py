"""The shape of convolutions that go pixel by pixel."""

from dataclasses import dataclass

from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import taps_of
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, Pads

from .scaling import suffix_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """CONV_2D and DEPTHWISE_CONV_2D; `padded` tells whether any tap lies outside of the image."""

    suffix: str
    in_w: int
    in_c: int
    out_w: int
    out_c: int
    kernel_h: int
    kernel_w: int
    stride_w: int
    dilation_w: int
    pad_left: int
    padded: bool

    @property
    def odd(self) -> bool:
        """Tell whether one pixel of a row is left over by pairs."""
        return self.out_w % 2 == 1

    @property
    def nine_taps(self) -> bool:
        """Tell whether the kernel has 9 taps, which have a function of their own in the library."""
        return self.kernel_h * self.kernel_w == 9


def pixels_of(layer: Layer) -> Pixels:
    """Shape of a layer's function."""
    op = layer.node.op
    assert isinstance(op, Conv2D | DepthwiseConv2D)
    _, _, in_w, in_c = layer.input.shape
    _, _, out_w, out_c = layer.output.shape
    height, width = taps_of(layer.graph, layer.node)
    return Pixels(
        suffix=suffix_of(layer),
        in_w=in_w,
        in_c=in_c,
        out_w=out_w,
        out_c=out_c,
        kernel_h=height,
        kernel_w=width,
        stride_w=op.stride[1],
        dilation_w=op.dilation[1],
        pad_left=op.pads.left,
        padded=op.pads != Pads(),
    )
