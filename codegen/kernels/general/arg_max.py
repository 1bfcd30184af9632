"""ARG_MAX, as three nested loops."""

from dataclasses import dataclass
from math import prod
from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import ArgMax

from .rendered import computes_any


@dataclass(frozen=True, slots=True)
class Axis:
    """How often the axis is gone along, its length, and how far apart its elements lie."""

    outer: int
    length: int
    inner: int


def _shape(layer: Layer) -> Axis:
    op, shape = layer.node.op, layer.input.shape
    assert isinstance(op, ArgMax)
    return Axis(prod(shape[: op.axis]), shape[op.axis], prod(shape[op.axis + 1 :]))


ARG_MAX: Final = Kernel(
    name="arg_max",
    operators=(ArgMax,),
    refusal=computes_any,
    shape=_shape,
    data=None,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("arg_max"),
    proves=None,
    traffic=None,
)
