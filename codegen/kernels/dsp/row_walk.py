"""How a row of a depthwise layer is walked: the left edge, steps in the middle, one of four ends."""

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import DepthwiseConv2D


def walk_of(graph: Graph, node: Node) -> tuple[int, str] | None:
    """Steps in the middle of a row and how it ends, for `dw_depthwise_channel`; None if it cannot do that row.

    Outputs are walked as the C does: the left edge, steps of two (stride 1) or one, one last step.
    """
    assert isinstance(node.op, DepthwiseConv2D)
    width, outputs = graph.inputs_of(node)[0].shape[2], graph.output_of(node).shape[2]
    pad, stride = node.op.pads.left, node.op.stride[1]
    if width < 4 or pad not in {0, 1} or stride not in {1, 2}:
        return None
    each = 2 if stride == 1 else 1
    column, left = -pad, outputs
    if pad:
        column, left = 1, left - each
    middle = 0
    while left >= each and column + 3 < width:
        column, left, middle = column + 2, left - each, middle + 1
    endings = {(0, 0): "NONE", (1, 2): "INSIDE", (1, 1): "ONE"}
    if left == 2 and each == 2 and column + 3 == width:
        return middle, "TWO"
    ending = endings.get((left, width - 1 - column if left else 0))
    return None if ending is None else (middle, ending)
