"""Which kind of function computes each node on a core, and in which layout its rows lie.

Fast kernels have conditions; where one does not hold, the plain kernel computes the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import (
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Mean,
    Operation,
    Pad,
    Quantize,
    Relu,
    Relu6,
    Reshape,
    Softmax,
    Transpose,
)
from depthwise.codegen.schedule.reads import accumulates
from depthwise.codegen.targets.cores import Core

from .dsp.dsp_kernels import BALANCED, DOTS, dsp_kinds, planar_tensors, scratch_bytes, uses_of
from .mve.mve_kernels import mve_kinds, mve_scratch_bytes
from .plain.plain_kernels import faster_kinds

TEMPLATES: Final[dict[type[Operation], str]] = {
    Conv2D: "conv_2d",
    DepthwiseConv2D: "depthwise_conv_2d",
    FullyConnected: "fully_connected",
    AveragePool2D: "average_pool_2d",
    MaxPool2D: "max_pool_2d",
    Mean: "mean",
    Add: "add",
    Pad: "pad",
    Softmax: "softmax",
    Quantize: "quantize",
    Relu: "relu",
    Relu6: "relu",
    Transpose: "transpose",
}


@dataclass(frozen=True, slots=True)
class Kernels:
    """Kind of function by output tensor; tensors whose rows lie channel after channel, [C][W]; bytes of scratch.

    `wide` are outputs of dot products whose weights are stored as int16: a twelfth faster, twice as long.
    """

    kinds: Mapping[int, str]
    planar: frozenset[int]
    scratch_bytes: int
    wide: frozenset[int] = frozenset()

    def kind(self, node: Node) -> str:
        """Name of the template that computes a node."""
        return self.kinds[node.output]


def choose_kernels(graph: Graph, core: Core, widening: int = BALANCED) -> Kernels:
    """The fastest kernel of each node that a core has and whose conditions hold.

    Weights are stored as int16 in layers that use each of them at least `widening` times.
    """
    kinds = {n.output: plain_kind(graph, n) for n in graph.nodes if not isinstance(n.op, Reshape)}
    planar = planar_tensors(graph) if core.dsp else frozenset()
    if core.dsp:
        kinds |= dsp_kinds(graph, planar)
    kinds |= faster_kinds(graph, kinds, core)
    if core.mve:
        kinds |= mve_kinds(graph)
    scratch = max((_scratch(graph, n, kinds.get(n.output, "")) for n in graph.nodes), default=0)
    wide = frozenset(n.output for n in graph.nodes if kinds.get(n.output) in DOTS and uses_of(graph, n) >= widening)
    return Kernels(kinds, planar, scratch, wide)


def plain_kind(graph: Graph, node: Node) -> str:
    """Template of the plain kernel; an operation without one is a bug of ours."""
    if isinstance(node.op, Conv2D) and node.op.border is not None:
        return "conv_2d_border"
    if isinstance(node.op, AveragePool2D) and accumulates(graph, node):
        return "average_pool_2d_sums"
    return TEMPLATES[type(node.op)]


def _scratch(graph: Graph, node: Node, kind: str) -> int:
    return scratch_bytes(graph, node) if kind in DOTS else mve_scratch_bytes(graph, node, kind)
