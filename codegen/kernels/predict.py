"""Predicts the Cortex-M4 cycles of each layer, before there is a firmware: what `inspect --core cortex-m4` shows.

A layer's cycles are a sum of counted events times cycles of each. What the loops do was counted in the assembly;
the rest (calls, edges, ends of loops) is fitted to cycles measured layer by layer (`make bench`), which
docs/results/benchmarks.md compares with. Cycles are those of zero flash wait states; see FLASH_FACTOR for real flash.
"""

from collections.abc import Mapping
from math import prod
from typing import Final

from depthwise.codegen.arithmetic.parameters import ConvParameters, conv_parameters
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.graph.costs import macs
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D
from depthwise.codegen.schedule.reads import calls_of

from .choice import Kernels
from .dsp.dsp_kernels import DOTS, FULL, gather_of, is_signed, patch_inputs, tail_of
from .plain.plain_kernels import TAPS_KIND, taps_of

# Published over modelled cycles of microTVM with CMSIS-NN on an STM32L4R5 at 120 MHz (5 wait states behind the ART
# cache), MLPerf Tiny VWW: 36.1M / 29.8M. The one engine for which both figures exist.
FLASH_FACTOR: Final = 1.21

# Cores whose instructions take the cycles that the events were counted in.
PREDICTED: Final = ("cortex-m4",)

# Cycles of a group of four inputs and two channels by pixels of a block; int8 weights, and int16 ones.
GROUP: Final = {1: 13.0, 2: 20.0, 3: 26.0}
WIDE_GROUP: Final = {1: 12.0, 2: 18.0, 3: 24.0}
LOOP_GROUPS: Final = 8

# Cycles of one event; calibrated by `python -m docs.make.calibrate`. An event that is not here counts a cycle.
CYCLES: Final[Mapping[str, float]] = {
    "add_dsp element": 7.5,
    "average_pool_2d element": 36.4,
    "average_pool_2d_sums read": 8.3,
    "average_pool_2d_sums update": 26.5,
    "call": 50.2,
    "channel row": 50.1,
    "conv_2d_border element": 44.4,
    "conv_2d_border mac": 6.2,
    "dense group": 13.3,
    "depthwise_conv_2d element": 33.3,
    "depthwise_conv_2d mac": 18.1,
    "edge group": 108.8,
    "edge one": 38.5,
    "edge two": 50.4,
    "inner": 1.0,
    "max_pool_2d element": 46.6,
    "mean element": 14.6,
    "middle one": 29.5,
    "middle two": 42.1,
    "pad element": 1.9,
    "pair of 1 clamped": 53.4,
    "pair of 1 scaled": 48.5,
    "pair of 1 signed": 44.7,
    "pair of 2 clamped": 24.4,
    "pair of 2 scaled": 37.0,
    "pair of 2 signed": 38.8,
    "pair of 3 clamped": 76.0,
    "pair of 3 scaled": 68.3,
    "pair of 3 signed": 84.7,
    "pointwise group": 7.4,
    "quantize element": 15.1,
    "relu element": 9.4,
    "runs group": 11.4,
    "softmax element": 166.9,
    "tap": 10.5,
    "tap of 1 channel": 20.1,
    "tap of 2 channels": 19.4,
    "taps group": 17.3,
    "window call": 181.2,
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
    elif kind == TAPS_KIND:
        found = _tap_events(graph, node)
    elif kind == "average_pool_2d_sums":
        image, out = graph.inputs_of(node)[0], graph.output_of(node)
        found = {f"{kind} read": image.elements, f"{kind} update": image.rows * out.row_bytes}
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


def _tap_events(graph: Graph, node: Node) -> Events:
    """Pixel by pixel, tap by tap, two channels at a time; the last of an odd number by itself."""
    _, rows, columns, channels = graph.output_of(node).shape
    taps = rows * columns * prod(taps_of(graph, node))
    return {"tap": taps, "tap of 2 channels": taps * (channels // 2), "tap of 1 channel": taps * (channels % 2)}


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
