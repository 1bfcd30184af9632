"""Every quantized operation against the TensorFlow Lite int8 specification: scales, zero points, types."""

from typing import Final

from .errors import ModelError, UnsupportedError
from .graph import DType, Graph, Node, Tensor
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
    Quantize,
    Relu,
    Relu6,
    Reshape,
    Shape,
    Softmax,
    StridedSlice,
    Transpose,
)
from .validate_float import CONVERT, check_float

# Multipliers are below 1, shifts at most 31 bits to the left: an int32 is shifted by no more.
LARGEST_RATIO: Final = 2.0**31


def check_quantization(graph: Graph, node: Node) -> None:
    """Refuse types and quantizations the arithmetic does not define. A float layer passes if all of it is."""
    inputs, out = graph.inputs_of(node), graph.output_of(node)
    image = inputs[0]
    match node.op:
        case Shape() | StridedSlice() | Pack():
            return
        case Quantize() | Dequantize():
            _check_conversion(node, image, out)
            return
        case _ if {t.dtype for t in (image, out)} == {DType.FLOAT32}:
            check_float(node, inputs)
            return
    for tensor in (image, out):
        _check_activation(node, tensor)
    match node.op:
        case Conv2D() | DepthwiseConv2D() | FullyConnected():
            _check_weights(node, inputs, out)
        case Add():
            _check_activation(node, inputs[1])
        case AveragePool2D() | MaxPool2D() | Pad() | Reshape() | Relu6() | Transpose():
            if image.quantization != out.quantization:
                raise ModelError(f"{node} changes the quantization: {image.quantization} to {out.quantization}")
        case Softmax():
            q = out.quantization
            if q is None or (q.scale, q.zero_point) != (1 / 256, -128):
                raise UnsupportedError(f"{node} has output quantization {q}, it must be 1/256 and -128", CONVERT)
        case Mul():
            raise UnsupportedError(f"{node} multiplies int8 tensors", "multiply before the model is quantized")
        case Mean() | Relu():
            pass
    _check_ratio(node, inputs, out)


def _check_ratio(node: Node, inputs: tuple[Tensor, ...], out: Tensor) -> None:
    """Refuse scales that no fixed-point multiplier bridges."""
    scales = [max(t.quantization.scales) for t in inputs if t.quantization is not None and t.dtype is DType.INT8]
    if out.quantization is None:
        return
    match node.op:
        case Conv2D() | DepthwiseConv2D() | FullyConnected():
            ratio = scales[0] * scales[1] / out.quantization.scale
        case Add():
            ratio = 2 * max(scales) / out.quantization.scale / 2**20
        case Softmax():
            return  # the largest scale is as good as all above it
        case _:
            ratio = scales[0] / out.quantization.scale
    if not ratio < LARGEST_RATIO:
        raise UnsupportedError(
            f"{node} goes from scale to scale by a factor of {ratio:.4g}, it must be below {LARGEST_RATIO:.4g}",
            "the model's scales are far off: quantize it again",
        )


def _check_conversion(node: Node, source: Tensor, target: Tensor) -> None:
    for tensor in (source, target):
        if tensor.dtype is DType.INT32:
            raise UnsupportedError(f"{node} converts int32 tensor {tensor.index}", CONVERT)
        if tensor.dtype is not DType.FLOAT32:
            _check_per_tensor(node, tensor)
    floats = source.dtype is DType.FLOAT32, target.dtype is DType.FLOAT32
    if floats[1] != isinstance(node.op, Dequantize) or floats == (True, True):
        raise ModelError(f"{node} converts {source.dtype.value} to {target.dtype.value}")
    if source.dtype is target.dtype is DType.INT8:
        _check_ratio(node, (source,), target)


def _check_activation(node: Node, tensor: Tensor) -> None:
    if tensor.dtype is not DType.INT8:
        raise UnsupportedError(f"{node} works on int8, tensor {tensor.index} is {tensor.dtype.value}", CONVERT)
    _check_per_tensor(node, tensor)


def _check_per_tensor(node: Node, tensor: Tensor) -> None:
    low, high = (-128, 127) if tensor.dtype is DType.INT8 else (0, 255)
    q = tensor.quantization
    if q is None or len(q.scales) != 1:
        count = 0 if q is None else len(q.scales)
        raise ModelError(f"{node}: activation tensor {tensor.index} has {count} scales, it must have 1")
    if not 0 < q.scale < float("inf"):
        raise ModelError(f"{node}: tensor {tensor.index} has scale {q.scale}, it must be a positive number")
    if not low <= q.zero_point <= high:
        raise ModelError(f"{node}: tensor {tensor.index} has zero point {q.zero_point}, not in {low} to {high}")


def _check_weights(node: Node, inputs: tuple[Tensor, ...], out: Tensor) -> None:
    weights, q = inputs[1], inputs[1].quantization
    if weights.dtype is not DType.INT8:
        raise UnsupportedError(f"{node} has {weights.dtype.value} weights, int8 is needed", CONVERT)
    axis = 3 if isinstance(node.op, DepthwiseConv2D) else 0
    channels = out.shape[-1]
    if q is None or len(q.scales) not in (1, channels):
        count = 0 if q is None else len(q.scales)
        raise ModelError(f"{node} has {count} weight scales, it must have 1 or {channels}")
    if len(q.scales) > 1 and q.axis != axis:
        raise ModelError(f"{node} has weights quantized along axis {q.axis}, it must be {axis}")
    if any(q.zero_points):
        raise UnsupportedError(f"{node} has weight zero points that are not 0", CONVERT)
    if len(inputs) > 2:
        _check_bias(node, inputs[2])


def _check_bias(node: Node, bias: Tensor) -> None:
    if bias.dtype is not DType.INT32:
        raise UnsupportedError(f"{node} has {bias.dtype.value} biases, int32 is needed", CONVERT)
    if bias.quantization is not None and any(bias.quantization.zero_points):
        raise UnsupportedError(f"{node} has bias zero points that are not 0", CONVERT)
