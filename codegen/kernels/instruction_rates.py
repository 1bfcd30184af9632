"""Instructions of kernels on cores that are predicted by them: so many for each quantity of a layer, fitted.

A layer's time is a sum of quantities that its shapes have, times what its kernel takes of each on a core. A core that
has a table of them is predicted whole: `instructions` raises KeyError for a kernel that is not in it, and a test holds
each table against the kernels of its core.
"""

from collections.abc import Mapping
from math import prod
from operator import mul
from typing import Final

from depthwise.codegen.operators import Pads, operator_of
from depthwise.codegen.operators.costs import macs
from depthwise.codegen.operators.parameters import conv_parameters
from depthwise.codegen.schedule.reads import calls_of

from .kernel import Layer
from .weighted import scaling_of

WORD: Final = 4


# Instructions of a call, a multiplication, an element that is read or written, one that is written, and others. Of a
# pool `mac` is a tap of an output. A `vector` lies along the last axis of the input or the output, of which the larger
# number counts; `gathered` are the inputs of all windows, once for all output channels; `line` is a channel of a row of
# the output.
NAMES: Final = ("call", "mac", "element", "written", "vector", "gathered", "line")
InstructionRates = tuple[float, float, float, float, float, float, float]
InstructionTable = Mapping[str, InstructionRates]


def quantities(layer: Layer) -> tuple[float, ...]:
    """How often a layer does what `NAMES` says the instructions of."""
    graph, node, output = layer.graph, layer.node, layer.output
    read = [t for t in graph.inputs_of(node) if t.data is None]
    elements, multiplied = sum(t.elements for t in read), macs(graph, node) or _taps(layer)
    vectors = max(t.elements // t.shape[-1] if t.shape else 1 for t in (output, *read))
    channels = output.shape[-1] if output.shape else 1
    sizes = (multiplied, elements + output.elements, output.elements, vectors, multiplied / channels)
    return (calls_of(graph, node), *sizes, output.rows * channels)


def _taps(layer: Layer) -> int:
    """Taps of all outputs of a window that multiplies nothing."""
    window = operator_of(layer.node.op).window
    return layer.output.elements * prod(window(layer.graph, layer.node).kernel) if window else 0


def entries_of(kernel: str, layer: Layer) -> tuple[str, ...]:
    """Names that a layer's entry may have, the first that a table has being its own; the last is its kernel's.

    Apart are pools with padding, weights of pixels that are no whole words, and sums that need nothing but a scale, as
    behind a ReLU.
    """
    graph, node = layer.graph, layer.node
    window = operator_of(node.op).window
    if not macs(graph, node):
        return (f"{kernel}, padded", kernel) if window and window(graph, node).pads != Pads() else (kernel,)
    words = f"{kernel} of bytes" if layer.input.elements and layer.input.shape[-1] % WORD else kernel
    weighted = operator_of(node.op).weights is not None
    only_scaled = weighted and scaling_of(conv_parameters(graph, node)) == "scaled"
    return (f"{words}, scaled", words, kernel) if only_scaled else (words, kernel)


def instructions(table: InstructionTable, kernel: str, layer: Layer) -> int:
    """Predicted instructions of a layer in one inference."""
    entry = next((name for name in entries_of(kernel, layer) if name in table), kernel)
    total: float = sum(map(mul, quantities(layer), table[entry]))
    return round(total)
