"""MEAN over height and width, added up row by row."""

from dataclasses import dataclass
from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import Mean
from depthwise.codegen.operators.parameters import mean_parameters

from .rendered import computes_any
from .rescale import rescaling


@dataclass(frozen=True, slots=True)
class Area:
    """The image that goes in."""

    height: int
    width: int
    channels: int


def _shape(layer: Layer) -> Area:
    _, height, width, channels = layer.input.shape
    return Area(height, width, channels)


MEAN: Final = Kernel(
    name="mean",
    operators=(Mean,),
    refusal=computes_any,
    shape=_shape,
    data=rescaling(mean_parameters),
    headers=(),
    scratch=None,
    position=True,
    planar=None,
    int16_weights=False,
    events=counted("mean"),
)
