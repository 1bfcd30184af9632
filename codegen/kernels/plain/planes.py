"""ADD and SUB of two tensors of one shape as a plane (arithmetic/planes.py): two products and a shift each."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.arithmetic.planes import BYTES, Plane, plane
from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.data import Constants, number_fields
from depthwise.codegen.kernels.general.add import shape_refusal
from depthwise.codegen.kernels.general.elements import elements_of
from depthwise.codegen.kernels.kernel import Kernel, Layer, LayerData, Struct
from depthwise.codegen.kernels.weighted import FULL
from depthwise.codegen.operators import Add, Operation, Sub
from depthwise.codegen.operators.parameters import add_parameters, sub_parameters
from depthwise.codegen.operators.parts.quantization import quantization_of
from depthwise.codegen.operators.parts.two_scales import AddParameters, SumRule, joined


@dataclass(frozen=True, slots=True)
class OnPlane:
    """Number of elements, the shift, whether the clamp is all of int8."""

    count: int
    shift: int
    full: bool


@dataclass(frozen=True, slots=True)
class _Sum:
    """Sum (sign 1) or difference (sign −1) by the numbers of an operator."""

    parameters: SumRule
    sign: int

    def refusal(self, graph: Graph, node: Node) -> str | None:
        """Why a node has no plane."""
        shapes = shape_refusal(graph, node)
        if shapes is None and self._found(graph, node) is None:
            return "no plane of whole numbers gives all of its 65,536 outputs"
        return shapes

    def shape(self, layer: Layer) -> OnPlane:
        """What a layer's function is made of."""
        p = self.parameters(layer.graph, layer.node)
        return OnPlane(elements_of(layer).count, self._plane(layer).shift, (p.minimum, p.maximum) == FULL)

    def constants(self, layer: Layer) -> Constants:
        """The plane and the clamp."""
        it, p = self._plane(layer), self.parameters(layer.graph, layer.node)
        numbers = {"first": it.first, "second": it.second, "offset": it.offset}
        return Constants(fields=number_fields({**numbers, "minimum": p.minimum, "maximum": p.maximum}))

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


def _kernel(name: str, operator: type[Operation], of: _Sum) -> Kernel:
    return Kernel(
        name=name,
        operators=(operator,),
        refusal=of.refusal,
        shape=of.shape,
        data=LayerData(Struct("dw_plane", template=None), of.constants),
        headers=("dw_asm.h", "dw_plain.h", "dw_plain_plane.h"),
        scratch=None,
        position=False,
        planar=None,
        int16_weights=False,
        events=counted(name),
    )


ADD_PLANE: Final = _kernel("add_plane", Add, _Sum(add_parameters, 1))
SUB_PLANE: Final = _kernel("sub_plane", Sub, _Sum(sub_parameters, -1))
