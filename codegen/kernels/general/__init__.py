"""Kernels of one loop for each dimension, for any core: one for every operator, the oracle of all others."""

from typing import Final

from depthwise.codegen.kernels.kernel import Family

from .add import ADD
from .average_pool_2d import AVERAGE_POOL_2D
from .average_pool_2d_sums import AVERAGE_POOL_2D_SUMS
from .conv_2d import CONV_2D
from .conv_2d_border import CONV_2D_BORDER
from .cycles import CYCLES
from .depthwise_conv_2d import DEPTHWISE_CONV_2D
from .fully_connected import FULLY_CONNECTED
from .max_pool_2d import MAX_POOL_2D
from .mean import MEAN
from .moves import MOVE, MOVE_BY_KIND
from .pad import PAD
from .quantize import QUANTIZE
from .relu import RELU
from .softmax import SOFTMAX

FAMILY: Final = Family(
    name="general",
    kernels=(
        ADD,
        AVERAGE_POOL_2D,
        AVERAGE_POOL_2D_SUMS,
        CONV_2D,
        CONV_2D_BORDER,
        DEPTHWISE_CONV_2D,
        FULLY_CONNECTED,
        MAX_POOL_2D,
        MEAN,
        MOVE,
        MOVE_BY_KIND,
        PAD,
        QUANTIZE,
        RELU,
        SOFTMAX,
    ),
    cycles=CYCLES,
)
