"""Predicts the Cortex-M4 cycles of each layer, before there is a firmware: what `inspect --core cortex-m4` shows.

A layer's cycles are a sum of counted events times cycles of each. What the loops do was counted in the assembly;
the rest (calls, edges, ends of loops) is fitted to cycles measured layer by layer (`make bench`), which
docs/benchmarks.md compares with. Cycles are those of zero flash wait states; see FLASH_FACTOR for real flash.
"""

from collections.abc import Mapping
from typing import Final

from .costs import macs
from .dsp_kernels import DOTS, FULL, gather_of, is_signed, patch_inputs, tail_of
from .graph import Graph, Node
from .kernels import Kernels
from .operations import Conv2D, DepthwiseConv2D
from .parameters import ConvParameters, conv_parameters
from .pipeline.reads import calls_of

# Published over modelled cycles of microTVM with CMSIS-NN on an STM32L4R5 at 120 MHz (5 wait states behind the ART
# cache), MLPerf Tiny VWW: 36.1M / 29.8M. The one engine for which both figures exist.
FLASH_FACTOR: Final = 1.21

# Cores whose instructions take the cycles that the events were counted in.
PREDICTED: Final = ("cortex-m4",)

# Cycles of a group of four inputs and two channels by pixels of a block; int8 weights, and int16 ones.
GROUP: Final = {1: 13.0, 2: 20.0, 3: 26.0}
WIDE_GROUP: Final = {1: 12.0, 2: 18.0, 3: 24.0}
LOOP_GROUPS: Final = 8

# Cycles of one event; calibrated by `python -m docs.calibrate`. An event that is not here counts a cycle.
CYCLES: Final[Mapping[str, float]] = {
    "add_dsp element": 7.5,
    "average_pool_2d element": 36.3,
    "average_pool_2d_sums element": 12.4,
    "call": 55.2,
    "channel row": 44.5,
    "conv_2d_border element": 41.9,
    "conv_2d_border mac": 5.8,
    "dense group": 13.7,
    "depthwise_conv_2d element": 31.6,
    "depthwise_conv_2d mac": 18.2,
    "depthwise_conv_2d_taps element": 5.6,
    "depthwise_conv_2d_taps mac": 9.4,
    "edge group": 106.9,
    "edge one": 40.0,
    "edge two": 52.7,
    "inner": 1.0,
    "max_pool_2d element": 46.5,
    "mean element": 14.5,
    "middle one": 29.7,
    "middle two": 41.6,
    "pad element": 1.8,
    "pair of 1 clamped": 38.9,
    "pair of 1 scaled": 46.3,
    "pair of 1 signed": 39.3,
    "pair of 2 clamped": 5.1,
    "pair of 2 scaled": 34.2,
    "pair of 2 signed": 29.0,
    "pair of 3 clamped": 68.8,
    "pair of 3 scaled": 70.5,
    "pair of 3 signed": 86.7,
    "pointwise group": 3.8,
    "quantize element": 15.0,
    "relu element": 9.3,
    "runs group": 10.5,
    "softmax element": 166.7,
    "taps group": 16.6,
    "window call": 257.4,
}

Events = dict[str, float]


def layer_cycles(kernels: Kernels, graph: Graph, node: Node) -> int:
    """Predicted cycles of a layer in one inference."""
    return round(sum(count * CYCLES.get(event, 1.0) for event, count in events(kernels, graph, node).items()))


def events(kernels: Kernels, graph: Graph, node: Node) -> Events:
    """What happens how often in one inference of a layer; `inner` is in cycles already."""
    kind = kernels.kind(node)
    calls = calls_of(graph, node)
    if kind in DOTS:
        found = _dot_events(kernels, graph, node)
    elif kind == "depthwise_conv_2d_dsp":
        found = _column_events(graph, node)
    else:
        out = graph.output_of(node)
        read = sum(t.elements for t in graph.inputs_of(node) if t.data is None)
        found = {f"{kind} mac": macs(graph, node), f"{kind} element": out.elements + read}
    call = "window call" if isinstance(node.op, Conv2D | DepthwiseConv2D) else "call"
    return {call: calls, **{event: count for event, count in found.items() if count}}


def _dot_events(kernels: Kernels, graph: Graph, node: Node) -> Events:
    out = graph.output_of(node)
    rows, width = (out.shape[1], out.shape[2]) if isinstance(node.op, Conv2D) else (1, 1)
    groups = patch_inputs(graph, node) // 4
    table = WIDE_GROUP if node.output in kernels.wide else GROUP
    pairs = -(-out.shape[-1] // 2)
    how = _scaling(conv_parameters(graph, node))
    found: Events = {"inner": 0.0}
    for pixels, blocks in ((3, width // 3), (width % 3, 1)):
        if pixels and blocks:
            each = pairs * rows * blocks
            found["inner"] += each * (groups * table[pixels] + 5 * (-(-groups // LOOP_GROUPS) - 1))
            found[f"pair of {pixels} {how}"] = each
    gather = gather_of(graph, node) if isinstance(node.op, Conv2D) else "dense"
    edges = _edge_pixels(graph, node) if gather == "runs" else 0
    found[f"{gather} group"] = (rows * width - edges) * groups
    found["edge group"] = edges * groups
    return found


def _scaling(p: ConvParameters) -> str:
    if (p.minimum, p.maximum) != FULL:
        return "clamped"
    return "signed" if is_signed(p) else "scaled"


def _edge_pixels(graph: Graph, node: Node) -> int:
    """Outputs that are gathered byte by byte: whole rows at the top and bottom, blocks at the left and right."""
    assert isinstance(node.op, Conv2D)
    _, height, width, _ = graph.inputs_of(node)[0].shape
    _, rows, columns, _ = graph.output_of(node).shape
    _, kernel_h, kernel_w, _ = graph.tensors[node.inputs[1]].shape
    (down, right), (top, left), (tall, wide) = node.op.stride, (node.op.pads.top, node.op.pads.left), node.op.dilation
    inside = [_inside(y, down, top, (kernel_h - 1) * tall, height) for y in range(rows)]
    across = [_inside(x, right, left, (kernel_w - 1) * wide, width) for x in range(columns)]
    slow = sum(len(across[i : i + 3]) for i in range(0, columns, 3) if not all(across[i : i + 3]))
    return sum(slow if row else columns for row in inside)


def _inside(at: int, stride: int, pad: int, reach: int, size: int) -> bool:
    return at * stride >= pad and at * stride - pad + reach < size


def _column_events(graph: Graph, node: Node) -> Events:
    assert isinstance(node.op, DepthwiseConv2D)
    found = tail_of(graph, node)
    assert found is not None
    middle, tail = found
    out = graph.output_of(node)
    rows = out.shape[1] * out.shape[3]
    each = "two" if node.op.stride[1] == 1 else "one"
    result: Events = {"channel row": rows, f"middle {each}": rows * middle}
    if node.op.pads.left:
        result[f"edge {each}"] = float(rows)
    if tail != "NONE":
        edge = "edge two" if tail == "TWO" else "edge one"
        result[edge] = result.get(edge, 0.0) + rows
    return result
