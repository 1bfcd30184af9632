"""Float networks: the same graph with float32 tensors and no quantization."""

from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError

from .network import DType, Graph, Node, Tensor
from .operations import Add, Conv2D, DepthwiseConv2D, FullyConnected, Mul

CONVERT: Final = "convert the model with full integer (int8) quantization"
QUANTIZE_FIRST: Final = "quantize it first: depthwise quantize MODEL -o MODEL_int8.tflite --data FOLDER"


def is_float(graph: Graph) -> bool:
    """Tell whether a network computes in float32 throughout (int32 index arithmetic aside)."""
    computed = {graph.output_of(n).dtype for n in graph.nodes} - {DType.INT32}
    return {graph.tensors[i].dtype for i in graph.inputs} | computed == {DType.FLOAT32}


def check_float(node: Node, inputs: tuple[Tensor, ...]) -> None:
    """Refuse a float layer whose operands are of another type, or whose constants are no finite numbers."""
    if not isinstance(node.op, Conv2D | DepthwiseConv2D | FullyConnected | Add | Mul):
        return
    for tensor in inputs[1:]:
        if tensor.dtype is not DType.FLOAT32:
            raise UnsupportedError(
                f"{node} joins float32 activations and {tensor.dtype.value} tensor {tensor.index}", CONVERT
            )
    for tensor in inputs:
        if tensor.data is not None and not np.isfinite(tensor.data).all():
            raise ModelError(
                f"{node} has constants (tensor {tensor.index}) that are infinite or no numbers",
                "train the model again, its training has diverged",
            )
