"""Where a sliding window goes: SAME and VALID padding, output sizes, limits of kernels and strides.

A window covers (K − 1)·dilation + 1 rows; pairs are (height, width).
"""

from typing import Final

from .errors import ModelError
from .operations import Pads

MAXIMUM_WINDOW: Final = 4096  # largest kernel, stride or dilation; no image of a microcontroller is larger

Pair = tuple[int, int]


def check_window(where: str, kernel: Pair, stride: Pair, dilation: Pair = (1, 1)) -> None:
    """Refuse a kernel, stride or dilation outside 1…MAXIMUM_WINDOW; `where` names the layer."""
    for what, pair in (("kernel", kernel), ("stride", stride), ("dilation", dilation)):
        if not all(1 <= extent <= MAXIMUM_WINDOW for extent in pair):
            raise ModelError(f"{where}: {what} is {pair[0]}x{pair[1]}, must be 1…{MAXIMUM_WINDOW:,} each way")


def covered(kernel: int, dilation: int) -> int:
    """Rows (columns) from the first to the last tap of a window."""
    return (kernel - 1) * dilation + 1


def same_pads(size: Pair, kernel: Pair, stride: Pair, dilation: Pair = (1, 1)) -> Pads:
    """Padding SAME: the output has ceil(size / stride) rows, the odd row of padding comes last.

    Source: `ComputePaddingWithOffset` in tensorflow/lite/kernels/padding.h.
    """
    totals = [
        max((-(-extent // step) - 1) * step + covered(taps, spread) - extent, 0)
        for extent, taps, step, spread in zip(size, kernel, stride, dilation, strict=True)
    ]
    top, left = totals[0] // 2, totals[1] // 2
    return Pads(top, totals[0] - top, left, totals[1] - left)


def output_size(size: Pair, pads: Pads, kernel: Pair, stride: Pair, dilation: Pair = (1, 1)) -> Pair:
    """(OH, OW) of a window that slides over a padded image; 0 or less where it does not fit."""
    height = (size[0] + pads.top + pads.bottom - covered(kernel[0], dilation[0])) // stride[0] + 1
    width = (size[1] + pads.left + pads.right - covered(kernel[1], dilation[1])) // stride[1] + 1
    return height, width
