"""The shape of functions on single elements or on one vector."""

from dataclasses import dataclass

from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.schedule.reads import at_once


@dataclass(frozen=True, slots=True)
class Elements:
    """How many elements a call takes: a row, or the whole tensor where one call computes it."""

    count: int


def elements_of(layer: Layer) -> Elements:
    """Shape of a layer's function."""
    out = layer.output
    return Elements(out.elements if at_once(layer.graph, layer.node) else out.row_bytes)
