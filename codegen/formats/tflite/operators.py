"""Attributes of each operator, from its options table; padding is resolved to pixels here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.graph import DType, Tensor
from depthwise.codegen.graph.windows import same_pads
from depthwise.codegen.operators import (
    Activation,
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    Dequantize,
    FullyConnected,
    MaxPool2D,
    Mean,
    Mul,
    Operation,
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

from .flatbuffer import Table


@dataclass(frozen=True, slots=True)
class RawOperator:
    """An operator as the file has it: what to call it, its options, the tensors it reads and writes."""

    what: str
    options: Table
    inputs: tuple[Tensor, ...]
    output: Tensor

    def need(self, least: int, most: int) -> None:
        """Refuse a wrong number of inputs."""
        if not least <= len(self.inputs) <= most:
            raise ModelError(f"{self.what} has {len(self.inputs)} inputs, it takes {least} to {most}")


def _activation(op: RawOperator, field: int) -> Activation:
    number = op.options.scalar(field, "b")
    name = schema.ACTIVATIONS[number] if 0 <= number < len(schema.ACTIVATIONS) else f"activation {number}"
    try:
        return Activation[name]
    except KeyError:
        raise UnsupportedError(f"{op.what} has fused activation {name}", "use RELU, RELU6 or none") from None


def _sizes(op: RawOperator, height: int, width: int, default: int) -> tuple[int, int]:
    found = op.options.scalar(height, "i", default), op.options.scalar(width, "i", default)
    if not all(1 <= n <= 4096 for n in found):
        raise ModelError(f"{op.what} has a stride, dilation or window of {found}, at least 1 is needed")
    return found


def _image(tensor: Tensor, what: str) -> tuple[int, int]:
    if len(tensor.shape) != 4:
        raise ModelError(f"{what} works on [1, H, W, C], tensor {tensor.index} has shape {tensor.shape}")
    return tensor.shape[1], tensor.shape[2]


def _pads(op: RawOperator, kernel: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int]) -> Pads:
    number = op.options.scalar(0, "b")
    if not 0 <= number < len(schema.PADDINGS):
        raise ModelError(f"{op.what} has padding {number}, only 0 (SAME) and 1 (VALID) exist")
    if schema.PADDINGS[number] == "VALID":
        return Pads()
    return same_pads(_image(op.inputs[0], op.what), kernel, stride, dilation)


def _kernel(op: RawOperator) -> tuple[int, int]:
    op.need(2, 3)
    return _image(op.inputs[1], op.what)


def _conv(op: RawOperator) -> Conv2D:
    kernel, stride, dilation = _kernel(op), _sizes(op, 2, 1, 1), _sizes(op, 5, 4, 1)
    return Conv2D(stride, _pads(op, kernel, stride, dilation), dilation, _activation(op, 3))


def _depthwise(op: RawOperator) -> DepthwiseConv2D:
    kernel, stride, dilation = _kernel(op), _sizes(op, 2, 1, 1), _sizes(op, 6, 5, 1)
    channels, image = op.inputs[1].shape[3], op.inputs[0]
    if len(image.shape) != 4 or channels % image.shape[3]:
        raise ModelError(f"{op.what} has {channels} filters for an input of shape {image.shape}")
    pads = _pads(op, kernel, stride, dilation)
    return DepthwiseConv2D(stride, pads, dilation, channels // image.shape[3], _activation(op, 4))


def _fully_connected(op: RawOperator) -> FullyConnected:
    op.need(2, 3)
    if op.options.scalar(1, "b"):
        raise UnsupportedError(f"{op.what} has shuffled weights", "convert the model again")
    return FullyConnected(_activation(op, 0))


def _average_pool(op: RawOperator) -> AveragePool2D:
    op.need(1, 1)
    kernel, stride = _sizes(op, 4, 3, 0), _sizes(op, 2, 1, 0)
    return AveragePool2D(kernel, stride, _pads(op, kernel, stride, (1, 1)), _activation(op, 5))


def _max_pool(op: RawOperator) -> MaxPool2D:
    op.need(1, 1)
    kernel, stride = _sizes(op, 4, 3, 0), _sizes(op, 2, 1, 0)
    return MaxPool2D(kernel, stride, _pads(op, kernel, stride, (1, 1)), _activation(op, 5))


def _mean(op: RawOperator) -> Mean:
    op.need(2, 2)
    axes = _integers(op, 1)
    rank = len(op.inputs[0].shape)
    if rank != 4 or not all(-rank <= a < rank for a in axes) or sorted(a % rank for a in axes) != [1, 2]:
        raise UnsupportedError(
            f"{op.what} is taken over axes {axes} of shape {op.inputs[0].shape}",
            "only the mean over H and W of [1, H, W, C] is done",
        )
    return Mean()


def _integers(op: RawOperator, number: int) -> tuple[int, ...]:
    """Values of a constant int32 operand, in order."""
    tensor = op.inputs[number]
    if tensor.data is None or tensor.dtype is not DType.INT32:
        kind = "constant" if tensor.data is None else tensor.dtype.value
        need = "it must be constant" if tensor.data is None else "it must be int32"
        raise UnsupportedError(
            f"{op.what} has operand {number} that is {'not ' if kind == 'constant' else ''}{kind}", need
        )
    return tuple(int(v) for v in tensor.data.ravel().tolist())


def _add(op: RawOperator) -> Add:
    op.need(2, 2)
    return Add(_activation(op, 0))


def _mul(op: RawOperator) -> Mul:
    op.need(2, 2)
    return Mul(_activation(op, 0))


def _pad(op: RawOperator) -> Pad:
    op.need(2, 2)
    amounts = _integers(op, 1)
    if op.inputs[1].shape != (4, 2):
        raise UnsupportedError(f"{op.what} has paddings of shape {op.inputs[1].shape}, they must be (4, 2)")
    n0, n1, top, bottom, left, right, c0, c1 = amounts
    if n0 or n1 or c0 or c1 or min(top, bottom, left, right) < 0:
        raise UnsupportedError(f"{op.what} pads {amounts}, only height and width can be padded")
    return Pad(Pads(top, bottom, left, right))


def _relu(op: RawOperator) -> Relu:
    op.need(1, 1)
    return Relu()


def _relu6(op: RawOperator) -> Relu6:
    op.need(1, 1)
    return Relu6()


def _transpose(op: RawOperator) -> Transpose:
    op.need(2, 2)
    permutation, rank = _integers(op, 1), len(op.inputs[0].shape)
    if not all(-rank <= axis < rank for axis in permutation):
        raise ModelError(f"{op.what} permutes axes {permutation} of shape {op.inputs[0].shape}")
    return Transpose(tuple(axis % rank for axis in permutation))


def _reshape(op: RawOperator) -> Reshape:
    op.need(1, 2)
    return Reshape()


def _softmax(op: RawOperator) -> Softmax:
    op.need(1, 1)
    beta = op.options.real(0, 0.0)
    if not 0 < beta < 1e6:
        raise ModelError(f"{op.what} has beta {beta}, it must be positive")
    return Softmax(beta)


def _quantize(op: RawOperator) -> Quantize:
    op.need(1, 1)
    return Quantize()


def _dequantize(op: RawOperator) -> Dequantize:
    op.need(1, 1)
    return Dequantize()


def _shape(op: RawOperator) -> Shape:
    op.need(1, 1)
    return Shape()


def _strided_slice(op: RawOperator) -> StridedSlice:
    op.need(4, 4)
    if op.options.scalar(2, "i") or op.options.scalar(3, "i") or len(op.inputs[0].shape) != 1:
        raise UnsupportedError(f"{op.what} is done for a vector only, without ellipsis and new axes")
    operands = [_integers(op, n) for n in (1, 2, 3)]
    if any(len(values) != 1 for values in operands) or operands[2] == (0,):
        raise UnsupportedError(f"{op.what} is done with one begin, end and stride, the stride not 0")
    sliced = StridedSlice(*(op.options.scalar(n, "i") for n in (0, 1, 4)))
    length, (begin,) = op.inputs[0].shape[0], operands[0]
    if sliced.shrink_axis_mask & 1 and not -length <= begin < length:
        raise ModelError(f"{op.what} takes element {begin} of a vector of {length}")
    return sliced


def _pack(op: RawOperator) -> Pack:
    op.need(1, 64)
    scalars = all(not t.shape and t.dtype is DType.INT32 for t in op.inputs)
    if not scalars or op.options.scalar(1, "i"):
        raise UnsupportedError(f"{op.what} is done for int32 scalars along axis 0 only")
    return Pack(0)


READERS: Final[dict[str, Callable[[RawOperator], Operation]]] = {
    "ADD": _add,
    "AVERAGE_POOL_2D": _average_pool,
    "CONV_2D": _conv,
    "DEPTHWISE_CONV_2D": _depthwise,
    "DEQUANTIZE": _dequantize,
    "FULLY_CONNECTED": _fully_connected,
    "MAX_POOL_2D": _max_pool,
    "MEAN": _mean,
    "MUL": _mul,
    "PACK": _pack,
    "PAD": _pad,
    "QUANTIZE": _quantize,
    "RELU": _relu,
    "RELU6": _relu6,
    "RESHAPE": _reshape,
    "SHAPE": _shape,
    "SOFTMAX": _softmax,
    "STRIDED_SLICE": _strided_slice,
    "TRANSPOSE": _transpose,
}
