"""CONV_2D whose weights have a zero point, as uint8 models have them."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.kernels.cycles import WINDOW_CALL, counted
from depthwise.codegen.kernels.weighted import without_offset

from .conv_2d import CONV_2D
from .weights import OFFSET

CONV_2D_OFFSET: Final = replace(
    CONV_2D,
    name="conv_2d_offset",
    refusal=without_offset,
    data=OFFSET,
    events=counted("conv_2d_offset", WINDOW_CALL),
)
