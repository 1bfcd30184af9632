"""Why sums of a layer are scaled by each channel's own shift, where its kernel has fewer instructions for lines."""

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators.parameters import conv_parameters

from .kernel import Kernel
from .offset import is_on_line
from .weighted import offset_refusal


def unproved(kernel: Kernel, graph: Graph, node: Node) -> str | None:
    """The reason; None where all channels are on lines, or no kernel knows of any."""
    if kernel.proves is None or kernel.proves(graph, node):
        return None
    p = conv_parameters(graph, node)
    clamp = f"its clamp, {p.minimum} to {p.maximum}"
    if p.output_zero_point > p.minimum:
        return (
            f"its zero point, {p.output_zero_point}, is inside of {clamp}: how negative values are rounded can be seen"
        )
    reason = offset_refusal(node) if is_on_line(graph, node) else None
    return reason or f"{kernel.name} has none for a channel and {clamp}"
