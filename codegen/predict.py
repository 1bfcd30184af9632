"""Predicts the Cortex-M4 cycles of each layer, before there is a firmware: what `inspect --core cortex-m4` shows.

A layer's cycles are a sum of counted events times cycles of each. What the loops do was counted in the assembly;
the rest (calls, edges, ends of loops) is fitted to cycles measured layer by layer (`make bench`), which
docs/benchmarks.md compares with. Cycles are those of zero flash wait states; see FLASH_FACTOR for real flash.
"""

from collections.abc import Mapping
from typing import Final

from .costs import macs
from .dsp_kernels import DOTS, gather_of, is_signed, patch_inputs, tail_of
from .graph import Graph, Node
from .kernels import Kernels
from .operations import Conv2D, DepthwiseConv2D
from .parameters import conv_parameters
from .pipeline.reads import calls_of

# Published over modelled cycles of microTVM with CMSIS-NN on an STM32L4R5 at 120 MHz (5 wait states behind the ART
# cache), MLPerf Tiny VWW: 36.1M / 29.8M. The one engine for which both figures exist.
FLASH_FACTOR: Final = 1.21

# Cycles of a group of four inputs and two channels by pixels of a block; int8 weights, and int16 ones.
GROUP: Final = {1: 13.0, 2: 20.0, 3: 26.0}
WIDE_GROUP: Final = {1: 12.0, 2: 18.0, 3: 24.0}
LOOP_GROUPS: Final = 8

# Cycles of one event; calibrated by `python -m docs.calibrate`.
CYCLES: Final[Mapping[str, float]] = {
    "add_dsp element": 7.3,
    "average_pool_2d_sums element": 11.8,
    "call": 64.9,
    "channel row": 57.3,
    "dense group": 11.9,
    "depthwise_conv_2d_taps element": 2.5,
    "depthwise_conv_2d_taps mac": 9.3,
    "edge one": 36.4,
    "edge two": 47.2,
    "inner": 1.0,
    "mean element": 15.1,
    "middle one": 29.4,
    "middle two": 43.3,
    "pair of 1 scaled": 46.6,
    "pair of 1 signed": 49.1,
    "pair of 2 scaled": 44.5,
    "pair of 2 signed": 46.9,
    "pair of 3 scaled": 57.8,
    "pair of 3 signed": 77.9,
    "pointwise group": 14.3,
    "runs group": 54.2,
    "softmax element": 98.9,
    "taps group": 14.9,
    "window call": 115.0,
}

Events = dict[str, float]


def layer_cycles(kernels: Kernels, graph: Graph, node: Node) -> int:
    """Predicted cycles of a layer in one inference."""
    return round(sum(count * CYCLES[event] for event, count in events(kernels, graph, node).items()))


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
    how = "signed" if is_signed(conv_parameters(graph, node)) else "scaled"
    found: Events = {"inner": 0.0}
    for pixels, blocks in ((3, width // 3), (width % 3, 1)):
        if pixels and blocks:
            each = pairs * rows * blocks
            found["inner"] += each * (groups * table[pixels] + 5 * (-(-groups // LOOP_GROUPS) - 1))
            found[f"pair of {pixels} {how}"] = each
    gather = gather_of(graph, node) if isinstance(node.op, Conv2D) else "dense"
    found[f"{gather} group"] = rows * width * groups
    return found


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
