"""Kernels for Armv7-M without the DSP extension, the Cortex-M3. Why they are exact is in docs/reference/kernels.md."""

from typing import Final

from depthwise.codegen.kernels.kernel import Family
from depthwise.codegen.kernels.weight_storage import BALANCED

from .conv_2d import CONV_2D_PAIRED
from .depthwise_conv_2d import DEPTHWISE_CONV_2D_STRIPS

FAMILY: Final = Family(
    name="armv7m", kernels=(CONV_2D_PAIRED, DEPTHWISE_CONV_2D_STRIPS), cycles={}, int16_from=BALANCED
)
