"""TRANSPOSE, as five nested loops."""

from dataclasses import dataclass
from math import prod
from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import Transpose

from .rendered import computes_any

RANK: Final = 5


@dataclass(frozen=True, slots=True)
class Permutation:
    """Sizes of the output, and how far apart their elements lie in the input."""

    sizes: tuple[int, ...]
    strides: tuple[int, ...]


def _shape(layer: Layer) -> Permutation:
    op, before, after = layer.node.op, layer.input.shape, layer.output.shape
    assert isinstance(op, Transpose)
    apart = [prod(before[axis + 1 :]) for axis in range(len(before))]
    missing = RANK - len(after)
    strides = (0,) * missing + tuple(apart[axis] for axis in op.permutation)
    return Permutation((1,) * missing + after, strides)


TRANSPOSE: Final = Kernel(
    name="transpose",
    operators=(Transpose,),
    refusal=computes_any,
    shape=_shape,
    data=None,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=False,
    events=counted("transpose"),
)
