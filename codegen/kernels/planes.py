"""The planes of ADD and SUB (arithmetic/planes.py), which kernels of several families compute by."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.arithmetic.planes import BYTES, Plane, plane
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.operators.parameters import add_parameters, sub_parameters
from depthwise.codegen.operators.parts.quantization import quantization_of
from depthwise.codegen.operators.parts.two_scales import AddParameters, SumRule, joined

from .data import FieldView, number_fields
from .general.add import shape_refusal
from .kernel import Layer
from .weighted import FULL


@dataclass(frozen=True, slots=True)
class Sums:
    """Sum (sign 1) or difference (sign −1) of two tensors of one shape, by the numbers of an operator."""

    parameters: SumRule
    sign: int

    def refusal(self, graph: Graph, node: Node) -> str | None:
        """Why a node has no plane."""
        shapes = shape_refusal(graph, node)
        if shapes is None and self._found(graph, node) is None:
            return "no plane of whole numbers gives all of its 65,536 outputs"
        return shapes

    def shift(self, layer: Layer) -> int:
        """How far outputs lie above the unit."""
        return self._plane(layer).shift

    def is_full(self, layer: Layer) -> bool:
        """Tell whether the clamp is all of int8."""
        p = self.parameters(layer.graph, layer.node)
        return (p.minimum, p.maximum) == FULL

    def fields(self, layer: Layer) -> tuple[FieldView, ...]:
        """The plane's factors and offset, and the clamp."""
        it, p = self._plane(layer), self.parameters(layer.graph, layer.node)
        numbers = {"first": it.first, "second": it.second, "offset": it.offset}
        return number_fields({**numbers, "minimum": p.minimum, "maximum": p.maximum})

    def _plane(self, layer: Layer) -> Plane:
        found = self._found(layer.graph, layer.node)
        assert found is not None
        return found

    def _found(self, graph: Graph, node: Node) -> Plane | None:
        first, second, out = (quantization_of(t).scale for t in (*graph.inputs_of(node), graph.output_of(node)))
        return _found(self.parameters(graph, node), self.sign, (first / out, self.sign * second / out))


@lru_cache(maxsize=256)
def _found(p: AddParameters, sign: int, slopes: tuple[float, float]) -> Plane | None:
    every = BYTES.astype(np.int8)
    outputs = joined(p, sign, (every[:, None], every[None, :]), Mode.TFLM).astype(np.int64)
    return plane(outputs, slopes, (p.minimum, p.maximum))


ADDED: Final = Sums(add_parameters, 1)
SUBTRACTED: Final = Sums(sub_parameters, -1)
