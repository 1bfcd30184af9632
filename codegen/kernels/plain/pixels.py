"""The shape of convolutions that go pixel by pixel."""

from dataclasses import dataclass, replace

from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.kernels.weighted import taps_of
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, Pads

from .scaling import RUN_BYTES, suffix_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """CONV_2D and DEPTHWISE_CONV_2D; `padded` tells whether any tap lies outside of the image.

    `struct` is what a function reads of each layer, `suffix` ends the names of the library's functions, `common` is
    what all weights have in common.
    """

    struct: str
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
    common: int = 0

    @property
    def inside(self) -> int:
        """First column whose taps lie side by side and none beyond an end of the row; `out_w` where there is none."""
        first = -(-self.pad_left // self.stride_w)
        return first if self.dilation_w == 1 and first * self.stride_w <= self._last_left else self.out_w

    @property
    def inside_end(self) -> int:
        """The column behind the last one of this kind."""
        return max(self.inside, min(self.out_w, self._last_left // self.stride_w + 1))

    @property
    def _last_left(self) -> int:
        """The farthest that a kernel may begin to the right of the padding."""
        return self.in_w - self.kernel_w + self.pad_left

    @property
    def gathered(self) -> bool:
        """Tell whether the inputs of a column at an end of the row take less room than the addresses of its taps."""
        return self.in_c <= RUN_BYTES

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
        struct="dw_dense" if isinstance(op, Conv2D) else "dw_depthwise",
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


def lined_pixels(layer: Layer) -> Pixels:
    """Shape of a layer's function whose sums are scaled by lines."""
    return replace(pixels_of(layer), struct="dw_lined", suffix="_lines")
