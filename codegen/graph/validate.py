"""Every operation against the tensors it joins: ranks, shapes, types. Quantization is checked next door."""

from collections.abc import Sequence

from depthwise.codegen.errors import ModelError, UnsupportedError

from .costs import macs
from .limits import MOST_MACS, SMALLER, check_limits
from .network import DType, Graph, Node, Tensor
from .operations import (
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    Dequantize,
    FullyConnected,
    MaxPool2D,
    Mean,
    Mul,
    Pack,
    Pad,
    Pads,
    Quantize,
    Relu,
    Relu6,
    Reshape,
    Shape,
    Softmax,
    StridedSlice,
    Transpose,
)
from .validate_quantization import check_quantization
from .windows import positions


def validate(graph: Graph) -> None:
    """Refuse a graph whose layers do not fit together. Raises ModelError or UnsupportedError, naming the layer."""
    check_limits(graph)
    _check_ends(graph)
    for node in graph.nodes:
        _check_batch(graph.output_of(node), f"{node} writes tensor")
        _check_node(graph, node)
        check_quantization(graph, node)
        _check_macs(graph, node)


def _check_ends(graph: Graph) -> None:
    for index in (*graph.inputs, *graph.outputs):
        _check_batch(graph.tensors[index], "an end of the network is tensor")
    constant = next((i for i in graph.outputs if graph.tensors[i].data is not None), None)
    if constant is not None:
        raise ModelError(
            f"output tensor {constant} of {graph.name} is a constant", "the file is damaged: copy it again"
        )


def _check_batch(tensor: Tensor, what: str) -> None:
    """Activations begin with the batch; integers that compute shapes do not."""
    if tensor.dtype is not DType.INT32 and tensor.shape[:1] != (1,):
        raise UnsupportedError(
            f"{what} {tensor.index} of shape {tensor.shape}, batch must be 1", "convert the model with batch size 1"
        )


def _check_macs(graph: Graph, node: Node) -> None:
    taken = macs(graph, node)
    if taken > MOST_MACS:
        raise ModelError(f"{node} takes {taken:,} multiply-accumulates, at most {MOST_MACS:,} are done", SMALLER)


def _check_node(graph: Graph, node: Node) -> None:
    inputs, out = graph.inputs_of(node), graph.output_of(node)
    match node.op:
        case Conv2D() | DepthwiseConv2D():
            _check_conv(node, inputs, out)
        case FullyConnected():
            _check_fully_connected(node, inputs, out)
        case AveragePool2D(kernel, stride, pads) | MaxPool2D(kernel, stride, pads):
            _rank4(node, inputs[0])
            _check_window(node, inputs[0], out, kernel, stride, (1, 1), pads)
            _same(node, "channels", out.shape[3], inputs[0].shape[3])
        case Mean():
            _rank4(node, inputs[0])
            _same(node, "elements", out.elements, inputs[0].shape[3])
        case Add() | Mul():
            _check_operands(node, inputs, out)
        case Pad(pads=p):
            _rank4(node, inputs[0])
            _, height, width, channels = inputs[0].shape
            padded = (1, p.top + height + p.bottom, p.left + width + p.right, channels)
            _same(node, "output shape", out.shape, padded)
        case Reshape():
            _same(node, "elements", out.elements, inputs[0].elements)
        case Softmax() if out.shape[-1:] != (out.elements,):
            raise UnsupportedError(f"{node} works on one vector, tensor {out.index} has shape {out.shape}")
        case Transpose(permutation):
            _check_transpose(node, inputs[0], out, permutation)
        case Softmax() | Quantize() | Dequantize() | Relu() | Relu6():
            _same(node, "output shape", out.shape, inputs[0].shape)
        case Shape() | StridedSlice() | Pack():
            _check_index_arithmetic(node, inputs, out)


def _check_operands(node: Node, inputs: Sequence[Tensor], out: Tensor) -> None:
    """Two tensors of one shape; or a float tensor and a constant of one number or one per channel."""
    changing = [t for t in inputs if t.data is None]
    if isinstance(node.op, Add) and inputs[0].shape == inputs[1].shape == out.shape:
        return
    constant = next((t for t in inputs if t.data is not None), None)
    floats = all(t.dtype is DType.FLOAT32 for t in (*inputs, out))
    if len(changing) == 1 and constant is not None and floats and changing[0].shape == out.shape:
        channels = out.shape[-1:]
        if constant.elements == 1 or (constant.shape[-1:] == channels and constant.elements == channels[0]):
            return
    raise UnsupportedError(
        f"{node} joins shapes {inputs[0].shape} and {inputs[1].shape}",
        "two activations must be of one shape and added; a constant of a float layer has one number per channel",
    )


def _check_transpose(node: Node, image: Tensor, out: Tensor, permutation: tuple[int, ...]) -> None:
    if sorted(permutation) != list(range(len(image.shape))):
        raise ModelError(f"{node} permutes axes {permutation} of shape {image.shape}")
    if permutation[:1] != (0,) or len(permutation) > 5:
        raise UnsupportedError(f"{node} permutes axes {permutation}", "the batch must stay in front, rank at most 5")
    _same(node, "output shape", out.shape, tuple(image.shape[axis] for axis in permutation))


def _same(node: Node, what: str, given: object, wanted: object) -> None:
    if given != wanted:
        raise ModelError(f"{node} has {what} {given}, but {wanted} follows from its inputs")


def _rank4(node: Node, tensor: Tensor) -> None:
    if len(tensor.shape) != 4 or tensor.shape[0] != 1:
        raise UnsupportedError(
            f"{node} needs shape [1, H, W, C], tensor {tensor.index} has {tensor.shape}",
            "convert the model with batch size 1",
        )


def _check_window(
    node: Node,
    image: Tensor,
    out: Tensor,
    kernel: tuple[int, int],
    stride: tuple[int, int],
    dilation: tuple[int, int],
    pads: Pads,
) -> None:
    _rank4(node, out)
    if min(*kernel, *stride, *dilation) < 1:
        raise ModelError(f"{node} has kernel {kernel}, stride {stride}, dilation {dilation}; each must be 1 or more")
    wanted = positions((image.shape[1], image.shape[2]), pads, kernel, stride, dilation)
    _same(node, "output size", out.shape[1:3], wanted)


def _check_conv(node: Node, inputs: Sequence[Tensor], out: Tensor) -> None:
    assert isinstance(node.op, Conv2D | DepthwiseConv2D)
    image, weights = inputs[0], inputs[1]
    _rank4(node, image)
    _check_constants(node, inputs[1:])
    if len(weights.shape) != 4:
        raise ModelError(f"{node} needs weights of rank 4, they have shape {weights.shape}")
    op = node.op
    _check_window(node, image, out, (weights.shape[1], weights.shape[2]), op.stride, op.dilation, op.pads)
    if isinstance(op, Conv2D):
        filters = weights.shape[0]
        if weights.shape[3] != image.shape[3]:
            raise UnsupportedError(
                f"{node} has filters for {weights.shape[3]} channels, its input has {image.shape[3]}",
                "grouped convolutions are not supported",
            )
    else:
        filters = weights.shape[3]
        _same(node, "filter count", weights.shape[0], 1)
        _same(node, "filters", filters, image.shape[3] * op.depth_multiplier)
    _check_channels(node, filters, inputs, out)


def _check_fully_connected(node: Node, inputs: Sequence[Tensor], out: Tensor) -> None:
    _check_constants(node, inputs[1:])
    weights = inputs[1]
    if len(weights.shape) != 2:
        raise ModelError(f"{node} needs weights [O, I], they have shape {weights.shape}")
    if inputs[0].elements != weights.shape[1]:
        raise UnsupportedError(
            f"{node} multiplies {inputs[0].elements} inputs by {weights.shape[1]} weights",
            "only one vector at a time is supported",
        )
    _same(node, "outputs", out.elements, weights.shape[0])
    _check_channels(node, weights.shape[0], inputs, out)


def _check_constants(node: Node, constants: Sequence[Tensor]) -> None:
    for tensor in constants:
        if tensor.data is None:
            raise UnsupportedError(f"{node} has weights that are not constant (tensor {tensor.index})")


def _check_channels(node: Node, filters: int, inputs: Sequence[Tensor], out: Tensor) -> None:
    _same(node, "output channels", out.shape[-1], filters)
    if len(inputs) > 2:
        _same(node, "bias shape", inputs[2].shape, (filters,))


def _check_index_arithmetic(node: Node, inputs: Sequence[Tensor], out: Tensor) -> None:
    if out.dtype is not DType.INT32 or len(out.shape) > 1:
        raise UnsupportedError(f"{node} writes {out.dtype.value} {out.shape}, only int32 vectors are folded")
    match node.op:
        case Shape():
            _same(node, "elements", out.elements, len(inputs[0].shape))
        case Pack():
            _same(node, "elements", out.elements, len(inputs))
        case _:
            _check_constants(node, inputs[1:])
            if isinstance(node.op, StridedSlice) and bool(node.op.shrink_axis_mask & 1) != (out.shape == ()):
                raise ModelError(f"{node} writes shape {out.shape}, its mask {node.op.shrink_axis_mask} says otherwise")
