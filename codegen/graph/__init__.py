"""The network as data: tensors, operations, windows, what a layer costs."""

from .network import Array, DType, Graph, Node, Quantization, Tensor

__all__ = ["Array", "DType", "Graph", "Node", "Quantization", "Tensor"]
