"""Which layers the kernels for the Arm DSP extension compute, and how: their conditions stand here.

Functions are firmware/lib/dw_dsp*.h; why they are exact is in docs/kernels.md.
"""

from math import prod
from typing import Final

from .bounds import largest_accumulator
from .graph import Graph, Node
from .operations import Add, Conv2D, DepthwiseConv2D, FullyConnected, Operation, Pads
from .parameters import ConvParameters, add_parameters, conv_parameters

DOTS: Final = ("conv_2d_dsp", "fully_connected_dsp")
KINDS: Final[dict[type[Operation], str]] = {
    Conv2D: "conv_2d_dsp",
    FullyConnected: "fully_connected_dsp",
    Add: "add_dsp",
    DepthwiseConv2D: "depthwise_conv_2d_dsp",
}
FULL: Final = (-128, 127)
LARGEST_SHIFT: Final = 22
LARGEST_IMMEDIATE: Final = 4095  # what an instruction adds, or reaches over
BLOCK: Final = 3
LANE_BYTES: Final = 2
# Uses of a weight from which on it is stored as int16: for any, for those where it pays, for none.
ALL: Final = 0
BALANCED: Final = 100
NONE: Final = 2**31
WIDENINGS: Final = (NONE, BALANCED, ALL)


def planar_tensors(graph: Graph) -> frozenset[int]:
    """Tensors whose rows lie channel after channel: written by a dot product, read by depthwise layers alone."""
    return frozenset(n.output for n in graph.nodes if _dot(graph, n) and _feeds_depthwise(graph, n.output))


def dsp_kinds(graph: Graph, planar: frozenset[int]) -> dict[int, str]:
    """Kinds by output tensor, of the layers that have one."""
    found = {n.output: KINDS[type(n.op)] for n in graph.nodes if _dot(graph, n) or _sums(graph, n)}
    return found | {n.output: KINDS[DepthwiseConv2D] for n in graph.nodes if n.inputs[0] in planar}


def uses_of(graph: Graph, node: Node) -> int:
    """How often a layer uses each weight: its positions."""
    return prod(graph.output_of(node).shape[1:-1])


def is_signed(p: ConvParameters) -> bool:
    """Tell whether the second rounding's correction of negative values can be seen behind the clamp."""
    return (p.minimum, p.maximum) != FULL or p.output_zero_point > p.minimum


def gather_of(graph: Graph, node: Node) -> str:
    """How a block of pixels is brought together: one tap, whole pixels, or runs of bytes."""
    assert isinstance(node.op, Conv2D)
    _, height, width, channels = graph.tensors[node.inputs[1]].shape
    if height == width == 1 and node.op.pads == Pads():
        return "pointwise"
    return "taps" if channels % 4 == 0 else "runs"


def patch_inputs(graph: Graph, node: Node) -> int:
    """Inputs of one output, weights of 0 included: a multiple of four."""
    return -(-prod(graph.tensors[node.inputs[1]].shape[1:]) // 4) * 4


def scratch_bytes(graph: Graph, node: Node) -> int:
    """Bytes that a block of pixels takes as lanes, and as bytes first where it is gathered as bytes."""
    pixels = min(BLOCK, graph.output_of(node).shape[2]) if isinstance(node.op, Conv2D) else 1
    bytewise = isinstance(node.op, Conv2D) and gather_of(graph, node) == "runs"
    return pixels * patch_inputs(graph, node) * (LANE_BYTES + bytewise)


def _dot(graph: Graph, node: Node) -> bool:
    """CONV_2D and FULLY_CONNECTED whose sums may be doubled and scaled in one step."""
    match node.op:
        case Conv2D(border=None) | FullyConnected():
            return _scales(graph, node)
        case _:
            return False


def _scales(graph: Graph, node: Node) -> bool:
    """The conditions of `dw_scaled` and `dw_scaled_signed`, see docs/kernels.md."""
    p = conv_parameters(graph, node)
    least = 1 if is_signed(p) else 0
    return 2 * largest_accumulator(graph, node) < 2**31 and all(least <= -s <= LARGEST_SHIFT for s in p.shifts)


def _sums(graph: Graph, node: Node) -> bool:
    """ADD whose operands and sum are all scaled down: the conditions of `dw_added`."""
    if not isinstance(node.op, Add):
        return False
    p = add_parameters(graph, node)
    return p.input1_shift <= 0 and p.input2_shift <= 0 and 1 <= -p.output_shift <= LARGEST_SHIFT


def _feeds_depthwise(graph: Graph, tensor: int) -> bool:
    """Tell whether a tensor is read by fast depthwise kernels alone."""
    readers = [n for n in graph.nodes if tensor in n.inputs]
    return bool(readers) and tensor not in graph.outputs and all(_columns(graph, n) for n in readers)


def _columns(graph: Graph, node: Node) -> bool:
    if not isinstance(node.op, DepthwiseConv2D) or not _scales(graph, node):
        return False
    p = conv_parameters(graph, node)
    square = graph.tensors[node.inputs[1]].shape[1:3] == (3, 3) and node.op.dilation == (1, 1)
    single = node.op.depth_multiplier == 1 and (p.minimum, p.maximum) == FULL
    _, _, width, channels = graph.inputs_of(node)[0].shape
    encoded = 2 * channels <= LARGEST_IMMEDIATE and width <= LARGEST_IMMEDIATE
    return square and single and encoded and tail_of(graph, node) is not None


def tail_of(graph: Graph, node: Node) -> tuple[int, str] | None:
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
