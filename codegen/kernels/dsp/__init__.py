"""Kernels for the Arm DSP extension: Cortex-M4, M7, M33. Why they are exact is in docs/reference/kernels.md."""

from typing import Final

from depthwise.codegen.kernels.kernel import Family
from depthwise.codegen.kernels.weight_storage import BALANCED

from .average_pool_2d import AVERAGE_POOL_2D_SUMS_DSP
from .conv_2d import CONV_2D_DSP
from .conv_2d_columns import CONV_2D_COLUMNS_DSP
from .cycles import CYCLES
from .depthwise_conv_2d import DEPTHWISE_CONV_2D_DSP, DEPTHWISE_CONV_2D_TURNED_DSP
from .depthwise_conv_2d_padded import DEPTHWISE_CONV_2D_PADDED_DSP
from .fully_connected import FULLY_CONNECTED_DSP
from .fully_connected_pairs import FULLY_CONNECTED_PAIRS_DSP

FAMILY: Final = Family(
    name="dsp",
    kernels=(
        CONV_2D_COLUMNS_DSP,
        CONV_2D_DSP,
        FULLY_CONNECTED_PAIRS_DSP,
        FULLY_CONNECTED_DSP,
        DEPTHWISE_CONV_2D_DSP,
        DEPTHWISE_CONV_2D_TURNED_DSP,
        DEPTHWISE_CONV_2D_PADDED_DSP,
        AVERAGE_POOL_2D_SUMS_DSP,
    ),
    cycles=CYCLES,
    int16_from=BALANCED,
)
