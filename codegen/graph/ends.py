"""How many inputs and outputs a network has, and how many can be run."""

from depthwise.codegen.errors import UnsupportedError

from .network import Graph


def refuse_more_ends(graph: Graph) -> None:
    """Raise UnsupportedError unless a network has one input and one output: the same words wherever it is read."""
    for what, tensors in (("inputs", graph.inputs), ("outputs", graph.outputs)):
        if len(tensors) != 1:
            raise UnsupportedError(f"{graph.name} has {len(tensors)} {what}, 1 is supported", "split the model")
