"""What layers read from flash where their kernels do not say it themselves, once for a call or for a pixel."""

from dataclasses import replace
from math import prod
from typing import Final

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators import operator_of
from depthwise.codegen.schedule.reads import calls_of

from .flash import FlashTraffic, swept
from .kernel import Kernel, Layer
from .weight_storage import uses_of

CHANNEL_BYTES: Final = 12  # bias and scale


def traffic_of(kernel: Kernel, layer: Layer) -> FlashTraffic:
    """All that a layer reads in one inference, its calls included."""
    found = _usual(layer.graph, layer.node) if kernel.traffic is None else kernel.traffic(layer)
    return replace(found, calls=calls_of(layer.graph, layer.node))


def _usual(graph: Graph, node: Node) -> FlashTraffic:
    """All constants once for every output pixel, as plain loops read them; without weights once for every call."""
    size = sum(graph.tensors[i].nbytes for i in node.inputs if i >= 0 and graph.tensors[i].data is not None)
    calls = calls_of(graph, node)
    if not size:
        return FlashTraffic()
    if operator_of(node.op).weights is None:
        return FlashTraffic(constants=(swept(size, calls),))
    output = graph.output_of(node)
    size += CHANNEL_BYTES * (output.shape[-1] if output.shape else 1)
    uses = max(uses_of(graph, node), prod(output.shape[:-1]), calls)
    return FlashTraffic(constants=(swept(size, calls, uses / calls),))
