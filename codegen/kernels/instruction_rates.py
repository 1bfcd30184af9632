"""Instructions of kernels on cores that are predicted by them: so many for each quantity of a layer, fitted.

A layer's time is a sum of quantities that its shapes have, times what its kernel takes of each on a core. A core that
has a table of them is predicted whole: `instructions` raises KeyError for a kernel that is not in it, and a test holds
each table against the kernels of its core.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from operator import mul
from typing import Final

from depthwise.codegen.operators.costs import macs
from depthwise.codegen.schedule.reads import calls_of

from .kernel import Layer

WORD: Final = 4


@dataclass(frozen=True, slots=True)
class InstructionRates:
    """Instructions of a call, a multiplication, an element that is read or written, one that is written, and others.

    A `vector` lies along the last axis of the input or the output, of which the larger number counts; `gathered` are
    the inputs of all windows, once for all output channels; `line` is a channel of a row of the output.
    """

    call: float
    mac: float
    element: float
    written: float
    vector: float
    gathered: float
    line: float


InstructionTable = Mapping[str, InstructionRates]


def quantities(layer: Layer) -> tuple[float, ...]:
    """How often a layer does what `InstructionRates` has the instructions of."""
    graph, node, output = layer.graph, layer.node, layer.output
    read = [t for t in graph.inputs_of(node) if t.data is None]
    elements, multiplied = sum(t.elements for t in read), macs(graph, node)
    vectors = max(t.elements // t.shape[-1] if t.shape else 1 for t in (output, *read))
    channels = output.shape[-1] if output.shape else 1
    sizes = (multiplied, elements + output.elements, output.elements, vectors, multiplied / channels)
    return (calls_of(graph, node), *sizes, output.rows * channels)


def entry_of(kernel: str, layer: Layer) -> str:
    """Name of a layer's entry: its kernel's, and of a layer with weights whether pixels are whole words."""
    weighted = macs(layer.graph, layer.node) > 0 and layer.input.shape[-1:] != ()
    return f"{kernel} of bytes" if weighted and layer.input.shape[-1] % WORD else kernel


def instructions(table: InstructionTable, kernel: str, layer: Layer) -> int:
    """Predicted instructions of a layer in one inference."""
    entry = entry_of(kernel, layer)
    rates = table[entry if entry in table else kernel]
    return round(sum(map(mul, quantities(layer), astuple(rates))))
