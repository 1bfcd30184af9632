"""Sliding windows: how much padding SAME means, and how many positions a window takes."""

from .operations import Pads

Pair = tuple[int, int]


def same_pads(size: Pair, kernel: Pair, stride: Pair, dilation: Pair = (1, 1)) -> Pads:
    """Pixels of padding that SAME means for an image of `size` (height, width).

    The odd pixel goes behind (`kernels/padding.h`, ComputePaddingWithOffset).

    >>> same_pads((96, 96), (3, 3), (2, 2))
    Pads(top=0, bottom=1, left=0, right=1)
    """
    sweep = zip(size, kernel, stride, dilation, strict=True)
    height, width = (max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0) for n, k, s, d in sweep)
    return Pads(height // 2, height - height // 2, width // 2, width - width // 2)


def positions(size: Pair, pads: Pads, kernel: Pair, stride: Pair, dilation: Pair = (1, 1)) -> Pair:
    """Rows and columns that a window writes; below 1 where it does not fit into the padded image.

    >>> positions((96, 96), Pads(0, 1, 0, 1), (3, 3), (2, 2))
    (48, 48)
    """
    height, width = size[0] + pads.top + pads.bottom, size[1] + pads.left + pads.right
    sweep = zip((height, width), kernel, stride, dilation, strict=True)
    rows, columns = ((n - (k - 1) * d - 1) // s + 1 for n, k, s, d in sweep)
    return rows, columns
