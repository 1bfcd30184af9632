"""Sliding windows: how much padding SAME means, and how many positions a window takes. Pairs are (height, width)."""

from dataclasses import dataclass

Pair = tuple[int, int]
ONE: Pair = (1, 1)


@dataclass(frozen=True, slots=True)
class Pads:
    """Rows and columns of padding around an image; taps in it contribute nothing.

    The reader resolves SAME and VALID to these: total = max((OH−1)·stride + K − H, 0), before = total // 2.
    """

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0

    @property
    def border(self) -> tuple[Pair, Pair, Pair, Pair]:
        """Padding of each axis of [N, H, W, C], as `numpy.pad` takes it."""
        return (0, 0), (self.top, self.bottom), (self.left, self.right), (0, 0)


@dataclass(frozen=True, slots=True)
class Window:
    """A window that slides over an image; `dilation` is how far apart neighbouring taps lie."""

    kernel: Pair
    stride: Pair
    dilation: Pair
    pads: Pads


def same_pads(size: Pair, kernel: Pair, stride: Pair, dilation: Pair = ONE) -> Pads:
    """Pixels of padding that SAME means for an image of `size`.

    The odd pixel goes behind (`kernels/padding.h`, ComputePaddingWithOffset).

    >>> same_pads((96, 96), (3, 3), (2, 2))
    Pads(top=0, bottom=1, left=0, right=1)
    """
    sweep = zip(size, kernel, stride, dilation, strict=True)
    height, width = (max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0) for n, k, s, d in sweep)
    return Pads(height // 2, height - height // 2, width // 2, width - width // 2)


def positions(size: Pair, pads: Pads, kernel: Pair, stride: Pair, dilation: Pair = ONE) -> Pair:
    """Rows and columns that a window writes; below 1 where it does not fit into the padded image.

    >>> positions((96, 96), Pads(0, 1, 0, 1), (3, 3), (2, 2))
    (48, 48)
    """
    height, width = size[0] + pads.top + pads.bottom, size[1] + pads.left + pads.right
    sweep = zip((height, width), kernel, stride, dilation, strict=True)
    rows, columns = ((n - (k - 1) * d - 1) // s + 1 for n, k, s, d in sweep)
    return rows, columns
