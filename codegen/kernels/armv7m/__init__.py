"""Kernels for Armv7-M without the DSP extension, the Cortex-M3. Why they are exact is in docs/reference/kernels.md.

Cores with the extension take `STRIPS`, the same family without CONV_2D, for what their own leaves to it.
"""

from typing import Final

from depthwise.codegen.kernels.kernel import Family, Kernel
from depthwise.codegen.kernels.weight_storage import BALANCED

from .conv_2d import CONV_2D_PAIRED, CONV_2D_PAIRED_OFFSET
from .depthwise_conv_2d import DEPTHWISE_CONV_2D_STRIPS, DEPTHWISE_CONV_2D_STRIPS_WIDE


def _family(*kernels: Kernel) -> Family:
    return Family(name="armv7m", kernels=kernels, cycles={}, int16_from=BALANCED)


FAMILY: Final = _family(CONV_2D_PAIRED, DEPTHWISE_CONV_2D_STRIPS, CONV_2D_PAIRED_OFFSET, DEPTHWISE_CONV_2D_STRIPS_WIDE)
STRIPS: Final = _family(DEPTHWISE_CONV_2D_STRIPS)
