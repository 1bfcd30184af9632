"""The network as data: tensors, nodes, windows. It knows no operator."""

from .network import Array, DType, Graph, Node, Operation, Quantization, State, Tensor
from .windows import Pads, Window

__all__ = ["Array", "DType", "Graph", "Node", "Operation", "Pads", "Quantization", "State", "Tensor", "Window"]
