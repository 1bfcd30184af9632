"""MAX_POOL_2D: the largest of the taps inside of the image."""

from typing import Final

from depthwise.codegen.kernels.kernel import Kernel
from depthwise.codegen.operators import MaxPool2D

from .pools import CLAMP, pool_events, pool_window
from .rendered import computes_any

MAX_POOL_2D: Final = Kernel(
    name="max_pool_2d",
    operators=(MaxPool2D,),
    refusal=computes_any,
    shape=pool_window,
    data=CLAMP,
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=pool_events("max_pool_2d"),
    proves=None,
    traffic=None,
)
