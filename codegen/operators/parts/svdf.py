"""What both halves of SVDF share: scales, ranks, and types of weights and memory."""

from typing import Final

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import DType, Node, Tensor

from .hints import CONVERT
from .quantization import per_tensor, quantization_of

MEMORY: Final = (DType.INT8, DType.INT16)


def ratio(one: Tensor, other: Tensor, out: Tensor) -> float:
    """Scale of products over scale of the output, in float64."""
    return quantization_of(one).scale * quantization_of(other).scale / quantization_of(out).scale


def check_rank2(node: Node, *tensors: Tensor) -> None:
    """Refuse what is no matrix, and a batch of several."""
    wrong = next((t for t in tensors if len(t.shape) != 2), None)
    if wrong is not None:
        raise UnsupportedError(
            f"{node} works on matrices, tensor {wrong.index} has shape {wrong.shape}", "convert it with batch size 1"
        )


def check_weights(node: Node, weights: Tensor, wanted: DType) -> None:
    """Refuse weights of another type, with a zero point, or with several scales."""
    if weights.dtype is not wanted:
        raise UnsupportedError(
            f"{node} has {weights.dtype.value} weights (tensor {weights.index}), {wanted.value} is needed", CONVERT
        )
    per_tensor(node, weights)
    if quantization_of(weights).zero_point:
        raise UnsupportedError(f"{node} has weight zero points that are not 0", CONVERT)


def check_memory(node: Node, memory: Tensor) -> None:
    """Refuse a memory that is neither int8 nor int16 with one scale."""
    if memory.dtype not in MEMORY:
        raise UnsupportedError(
            f"{node} keeps {memory.dtype.value} (tensor {memory.index}), int8 or int16 is needed", CONVERT
        )
    per_tensor(node, memory)
