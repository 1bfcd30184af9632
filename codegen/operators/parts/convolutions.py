"""What CONV_2D and DEPTHWISE_CONV_2D share: a window whose size is that of the weights."""

from depthwise.codegen.errors import ModelError
from depthwise.codegen.flatbuffer.writing import Scalar, int32
from depthwise.codegen.graph import Graph, Node, Pads, Window
from depthwise.codegen.graph.windows import Pair

from .reading import RawOperator
from .shapes import constants, rank4
from .weights import weight_zero_point
from .windowed import WindowRule, check_window, image_size, read_pads, read_sizes


def window_of(graph: Graph, node: Node, *, stride: Pair, dilation: Pair, pads: Pads) -> Window:
    """A window of the size of the weights."""
    kernel = graph.inputs_of(node)[1].shape[1:3]
    return Window((kernel[0], kernel[1]), stride, dilation, pads)


def check_written(node: Node) -> None:
    """Refuse what a .tflite file of int8 cannot say. Raises ModelError."""
    zero_point = weight_zero_point(node.op)
    if zero_point:
        raise ModelError(
            f"{node} has weights with zero point {zero_point}, int8 files have none",
            "take the uint8 model",
        )


def read_window(op: RawOperator, dilation_height: int) -> Window:
    """Stride, padding and dilation (a field, the one before is its width) from an options table."""
    op.need(2, 3)
    kernel = image_size(op.inputs[1], op.what)
    stride, dilation = read_sizes(op, 2, 1, 1), read_sizes(op, dilation_height, dilation_height - 1, 1)
    return Window(kernel, stride, dilation, read_pads(op, kernel, stride, dilation))


def written_dilation(over: Window, dilation_height: int) -> dict[int, Scalar]:
    """Fields of the dilation."""
    return {dilation_height - 1: int32(over.dilation[1]), dilation_height: int32(over.dilation[0])}


def check_convolution(graph: Graph, node: Node, window: WindowRule) -> None:
    """An image, constant weights of rank 4, an output of the size that the window gives."""
    image, weights = graph.inputs_of(node)[:2]
    rank4(node, image)
    constants(node, graph.inputs_of(node)[1:])
    if len(weights.shape) != 4:
        raise ModelError(f"{node} needs weights of rank 4, they have shape {weights.shape}")
    check_window(graph, node, window(graph, node))
