"""Kernels for the MAC16 option of Xtensa: ESP32, ESP32-S3. Why they are exact is in docs/reference/mac16.md."""

from typing import Final

from depthwise.codegen.kernels.kernel import Family
from depthwise.codegen.kernels.weight_storage import ALWAYS

from .conv_2d import CONV_2D_MAC16
from .depthwise_conv_2d import DEPTHWISE_CONV_2D_MAC16
from .fully_connected import FULLY_CONNECTED_MAC16
from .words import (
    ADD_PLANE_MAC16,
    AVERAGE_POOL_2D_MAC16,
    AVERAGE_POOL_2D_SUMS_MAC16,
    MAX_POOL_2D_MAC16,
    MEAN_MAC16,
    SUB_PLANE_MAC16,
)

FAMILY: Final = Family(
    name="mac16",
    kernels=(
        CONV_2D_MAC16,
        FULLY_CONNECTED_MAC16,
        DEPTHWISE_CONV_2D_MAC16,
        ADD_PLANE_MAC16,
        SUB_PLANE_MAC16,
        AVERAGE_POOL_2D_SUMS_MAC16,
        MEAN_MAC16,
        AVERAGE_POOL_2D_MAC16,
        MAX_POOL_2D_MAC16,
    ),
    cycles={},
    int16_from=ALWAYS,
)
