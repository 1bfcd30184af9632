"""Operators that join two tensors element by element."""

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.graph import DType, Graph, Node

from .writing import Write, activation, coded


def write(options_type: int) -> Write:
    """Options whose one field is the activation."""
    return lambda graph, node: coded(graph, node, options_type, {0: activation(node.op)})


def has_two_activations(graph: Graph, node: Node) -> bool:
    """Tell whether both operands have the output's shape."""
    one, other = graph.inputs_of(node)
    return one.shape == other.shape == graph.output_of(node).shape


def check_constant_operand(graph: Graph, node: Node) -> None:
    """A float tensor is joined with a constant of one number or one per channel."""
    inputs, out = graph.inputs_of(node), graph.output_of(node)
    changing = [t for t in inputs if t.data is None]
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
