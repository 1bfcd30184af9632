"""SELECT_V2: a condition picks one of two elements."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Tensor
from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import SelectV2

from .elements import elements_of
from .rendered import computes_any


@dataclass(frozen=True, slots=True)
class Picks:
    """Elements of a call; what is picked of them in C, a number where it is constant; the pointers that are read."""

    count: int
    first: str
    second: str
    pointers: tuple[str, ...]


def _element(name: str, tensor: Tensor) -> str:
    return f"{name}[i]" if tensor.data is None else str(int(tensor.data.ravel()[0]))


def _shape(layer: Layer) -> Picks:
    _, a, b = layer.graph.inputs_of(layer.node)
    pointers = ["condition", *(name for name, tensor in (("a", a), ("b", b)) if tensor.data is None)]
    return Picks(elements_of(layer).count, _element("a", a), _element("b", b), tuple(pointers))


SELECT_V2: Final = Kernel(
    name="select_v2",
    operators=(SelectV2,),
    refusal=computes_any,
    shape=_shape,
    data=None,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("select_v2"),
    proves=None,
    traffic=None,
)
