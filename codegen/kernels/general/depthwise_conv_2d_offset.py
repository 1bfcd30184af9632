"""DEPTHWISE_CONV_2D whose weights have a zero point, as uint8 models have them."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.kernels.cycles import WINDOW_CALL, counted
from depthwise.codegen.kernels.weighted import without_offset

from .depthwise_conv_2d import DEPTHWISE_CONV_2D
from .weights import OFFSET

DEPTHWISE_CONV_2D_OFFSET: Final = replace(
    DEPTHWISE_CONV_2D,
    name="depthwise_conv_2d_offset",
    refusal=without_offset,
    data=OFFSET,
    events=counted("depthwise_conv_2d_offset", WINDOW_CALL),
)
