"""Operators that slide a window over an image: how it is read, written and checked, and what its taps see."""

from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import Scalar, int32
from depthwise.codegen.graph import Graph, Node, Pads, Tensor, Window
from depthwise.codegen.graph.windows import Pair, positions, same_pads

from .reading import RawOperator
from .rows import RowAccess, RowRule, RowWindow
from .shapes import rank4, same

Float64 = NDArray[np.float64]
WindowRule = Callable[[Graph, Node], Window]
Number = TypeVar("Number", np.int64, np.float64)
PADDINGS: Final = ("SAME", "VALID")  # Padding of the schema


def read_sizes(op: RawOperator, height: int, width: int, default: int) -> Pair:
    """Two fields that are a stride, a dilation or a window."""
    found = op.options.scalar(height, "i", default), op.options.scalar(width, "i", default)
    if not all(1 <= n <= 4096 for n in found):
        raise ModelError(f"{op.what} has a stride, dilation or window of {found}, at least 1 is needed")
    return found


def image_size(tensor: Tensor, what: str) -> Pair:
    """Height and width of an image."""
    if len(tensor.shape) != 4:
        raise ModelError(f"{what} works on [1, H, W, C], tensor {tensor.index} has shape {tensor.shape}")
    return tensor.shape[1], tensor.shape[2]


def read_pads(op: RawOperator, kernel: Pair, stride: Pair, dilation: Pair) -> Pads:
    """Field 0, SAME or VALID, resolved to pixels."""
    number = op.options.scalar(0, "b")
    if not 0 <= number < len(PADDINGS):
        raise ModelError(f"{op.what} has padding {number}, only 0 (SAME) and 1 (VALID) exist")
    if PADDINGS[number] == "VALID":
        return Pads()
    return same_pads(image_size(op.inputs[0], op.what), kernel, stride, dilation)


def written(graph: Graph, node: Node, window: Window) -> dict[int, Scalar]:
    """Fields 0…2, the same in all windowed operators: padding scheme, stride width, stride height.

    Raises ModelError where the file format has no words for the padding.
    """
    _, height, width, _ = graph.inputs_of(node)[0].shape
    same = same_pads((height, width), window.kernel, window.stride, window.dilation)
    if window.pads not in (Pads(), same):
        raise ModelError(
            f"{node} has {window.pads}, a .tflite file can say only VALID, {Pads()}, or SAME, {same}",
            "put the padding into a PAD layer before it",
        )
    scheme = "VALID" if window.pads == Pads() else "SAME"
    return {0: Scalar("b", PADDINGS.index(scheme)), 1: int32(window.stride[1]), 2: int32(window.stride[0])}


def check_window(graph: Graph, node: Node, window: Window) -> None:
    """The output has as many rows and columns as the window has positions."""
    image, out = graph.inputs_of(node)[0], graph.output_of(node)
    kernel, stride, dilation = window.kernel, window.stride, window.dilation
    rank4(node, out)
    if min(*kernel, *stride, *dilation) < 1:
        raise ModelError(f"{node} has kernel {kernel}, stride {stride}, dilation {dilation}; each must be 1 or more")
    wanted = positions((image.shape[1], image.shape[2]), window.pads, kernel, stride, dilation)
    same(node, "output size", out.shape[1:3], wanted)


def window_rows(window_of: WindowRule) -> RowRule:
    """The rows that a window covers."""

    def rule(graph: Graph, node: Node) -> RowAccess:
        window = window_of(graph, node)
        return RowWindow(window.kernel[0], window.stride[0], window.pads.top, window.dilation[0])

    return rule


def bordered(image: NDArray[Number], pads: Pads, value: float) -> NDArray[Number]:
    """An image [N, H, W, C] with values around, only to be read: `numpy.pad` takes longer than what is done with it."""
    if pads == Pads():
        return image
    count, height, width, channels = image.shape
    shape = (count, pads.top + height + pads.bottom, pads.left + width + pads.right, channels)
    padded = np.full(shape, value, image.dtype)
    padded[:, pads.top : pads.top + height, pads.left : pads.left + width] = image
    return padded


def taps_of(window: Window, image: Float64, out: tuple[int, ...]) -> list[tuple[int, int, Float64]]:
    """What each tap (row, column) of a window sees: views [N, OH, OW, I] of the image with zeros around."""
    padded = bordered(image, window.pads, 0)
    (height, width), stride, dilation = window.kernel, window.stride, window.dilation
    views = []
    for ky in range(height):
        for kx in range(width):
            y, x = ky * dilation[0], kx * dilation[1]
            rows = slice(y, y + (out[1] - 1) * stride[0] + 1, stride[0])
            columns = slice(x, x + (out[2] - 1) * stride[1] + 1, stride[1])
            views.append((ky, kx, padded[:, rows, columns]))
    return views
