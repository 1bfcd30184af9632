"""Kernels for Helium, the vectors of Armv8.1-M.

VQRDMULH is the first rounding of TensorFlow Lite Micro exactly: (2·acc·m + 2^31) >> 32 = (acc·m + 2^30) >> 31, and
it saturates for acc = m = -2^31 alone, which no multiplier is. VRSHL by -r is (v + 2^(r-1)) >> r without overflow, so
every shift to the right is one vector instruction. The second rounding's correction, -1 for v < 0 and r > 0, cannot be
seen behind a clamp at or above the zero point: for v < 0 both forms are at most 0, and the clamp replaces them.
"""

from typing import Final

from depthwise.codegen.kernels.kernel import Family
from depthwise.codegen.kernels.weight_storage import BALANCED

from .conv_2d import CONV_2D_MVE, CONV_2D_MVE_OFFSET
from .conv_2d_pointwise import CONV_2D_POINTWISE_MVE, CONV_2D_POINTWISE_MVE_OFFSET
from .depthwise_conv_2d import DEPTHWISE_CONV_2D_MVE
from .depthwise_conv_2d_wide import DEPTHWISE_CONV_2D_WIDE_MVE
from .fully_connected import FULLY_CONNECTED_MVE
from .planes import ADD_PLANE_MVE, SUB_PLANE_MVE

FAMILY: Final = Family(
    name="mve",
    kernels=(
        CONV_2D_POINTWISE_MVE,
        CONV_2D_MVE,
        FULLY_CONNECTED_MVE,
        DEPTHWISE_CONV_2D_MVE,
        ADD_PLANE_MVE,
        SUB_PLANE_MVE,
        CONV_2D_POINTWISE_MVE_OFFSET,
        CONV_2D_MVE_OFFSET,
        DEPTHWISE_CONV_2D_WIDE_MVE,
    ),
    cycles={},
    int16_from=BALANCED,
)
