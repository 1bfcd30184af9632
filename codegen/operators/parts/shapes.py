"""Checks of ranks and shapes that several operators share; each names the layer and both numbers."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import Graph, Node, Tensor

Check = Callable[[Graph, Node], None]


def same(node: Node, what: str, given: object, wanted: object) -> None:
    """Refuse what does not follow from a layer's inputs."""
    if given != wanted:
        raise ModelError(f"{node} has {what} {given}, but {wanted} follows from its inputs")


def rank4(node: Node, tensor: Tensor) -> None:
    """Refuse what is no image of batch 1."""
    if len(tensor.shape) != 4 or tensor.shape[0] != 1:
        way = (
            "convert the model with batch size 1" if len(tensor.shape) == 4 else "put a RESHAPE to it before the layer"
        )
        raise UnsupportedError(f"{node} needs shape [1, H, W, C], tensor {tensor.index} has {tensor.shape}", way)


def constants(node: Node, tensors: Sequence[Tensor]) -> None:
    """Refuse weights that are computed."""
    for tensor in tensors:
        if tensor.data is None:
            raise UnsupportedError(
                f"{node} has weights that are not constant (tensor {tensor.index})",
                "convert the model with frozen weights",
            )


def check_same_shape(graph: Graph, node: Node) -> None:
    """The output has the shape of the first input."""
    same(node, "output shape", graph.output_of(node).shape, graph.inputs_of(node)[0].shape)


def sliced(shape: tuple[int, ...], indices: tuple[Any, ...]) -> tuple[int, ...]:
    """Shape of what numpy's indices take of an array of a shape, without its elements."""
    return np.shape(np.broadcast_to(np.int8(0), shape)[indices])
