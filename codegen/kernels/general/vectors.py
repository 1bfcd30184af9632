"""The shape of functions on vectors along the last axis."""

from dataclasses import dataclass

from depthwise.codegen.kernels.kernel import Layer
from depthwise.codegen.schedule.reads import at_once


@dataclass(frozen=True, slots=True)
class Vectors:
    """How many elements a vector has, and how many vectors a call takes: those of a row, or all."""

    count: int
    vectors: int

    @property
    def several(self) -> bool:
        """Tell whether it is more than one."""
        return self.vectors > 1


def vectors_of(layer: Layer) -> Vectors:
    """Shape of a layer's function."""
    out = layer.output
    elements = out.elements if at_once(layer.graph, layer.node) else out.row_bytes // out.dtype.itemsize
    return Vectors(out.shape[-1], elements // out.shape[-1])
