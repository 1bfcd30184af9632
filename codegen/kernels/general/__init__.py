"""Kernels of one loop for each dimension, for any core: one for every operator, the oracle of all others."""

from typing import Final

from depthwise.codegen.kernels.kernel import Family
from depthwise.codegen.kernels.weight_storage import BALANCED

from .add import ADD
from .add_broadcast import ADD_BROADCAST, ADD_CONSTANT
from .arg_max import ARG_MAX
from .average_pool_2d import AVERAGE_POOL_2D
from .average_pool_2d_sums import AVERAGE_POOL_2D_SUMS
from .batch_matmul import BATCH_MATMUL, BATCH_MATMUL_CONSTANT
from .conv_2d import CONV_2D
from .conv_2d_border import CONV_2D_BORDER
from .conv_2d_groups import CONV_2D_GROUPS
from .conv_2d_offset import CONV_2D_OFFSET
from .cycles import CYCLES
from .depthwise_conv_2d import DEPTHWISE_CONV_2D
from .depthwise_conv_2d_offset import DEPTHWISE_CONV_2D_OFFSET
from .div import DIV, DIV_CONSTANT
from .extremes import MAXIMUM, MAXIMUM_CONSTANT, MINIMUM, MINIMUM_CONSTANT
from .fully_connected import FULLY_CONNECTED, FULLY_CONNECTED_VECTORS
from .log_softmax import LOG_SOFTMAX
from .lstm_parts import LSTM_CELLS, LSTM_HIDDEN
from .lstm_steps import LSTM_STEPS
from .max_pool_2d import MAX_POOL_2D
from .mean import MEAN
from .moves import MOVE, MOVE_BY_KIND
from .mul import MUL, MUL_CONSTANT
from .pad import PAD
from .prelu import PRELU
from .quantize import QUANTIZE
from .reduce_extremes import EXTREME_AXES, EXTREME_ROWS
from .relu import RELU
from .resize_bilinear import RESIZE_BILINEAR, RESIZE_BILINEAR_WHOLE
from .select_v2 import SELECT_V2
from .softmax import SOFTMAX, SOFTMAX_INT16
from .squared_difference import SQUARED_DIFFERENCE, SQUARED_DIFFERENCE_CONSTANT
from .sub import SUB, SUB_CONSTANT
from .sum_axes import SUM_AXES, SUM_ROWS
from .svdf import SVDF, SVDF_INT16
from .svdf_state import SVDF_STATE
from .table import TABLE
from .transpose_conv import TRANSPOSE_CONV

FAMILY: Final = Family(
    name="general",
    kernels=(
        ADD,
        ADD_BROADCAST,
        ADD_CONSTANT,
        ARG_MAX,
        AVERAGE_POOL_2D,
        AVERAGE_POOL_2D_SUMS,
        BATCH_MATMUL,
        BATCH_MATMUL_CONSTANT,
        CONV_2D,
        CONV_2D_BORDER,
        CONV_2D_GROUPS,
        CONV_2D_OFFSET,
        DEPTHWISE_CONV_2D,
        DEPTHWISE_CONV_2D_OFFSET,
        DIV,
        DIV_CONSTANT,
        EXTREME_AXES,
        EXTREME_ROWS,
        FULLY_CONNECTED,
        FULLY_CONNECTED_VECTORS,
        LOG_SOFTMAX,
        MAXIMUM,
        MAXIMUM_CONSTANT,
        LSTM_CELLS,
        LSTM_HIDDEN,
        LSTM_STEPS,
        MAX_POOL_2D,
        MEAN,
        MOVE,
        MOVE_BY_KIND,
        MINIMUM,
        MINIMUM_CONSTANT,
        MUL,
        MUL_CONSTANT,
        PAD,
        PRELU,
        QUANTIZE,
        RELU,
        RESIZE_BILINEAR,
        RESIZE_BILINEAR_WHOLE,
        SELECT_V2,
        SOFTMAX,
        SOFTMAX_INT16,
        SQUARED_DIFFERENCE,
        SQUARED_DIFFERENCE_CONSTANT,
        SVDF,
        SVDF_INT16,
        SVDF_STATE,
        TABLE,
        SUB,
        SUB_CONSTANT,
        SUM_AXES,
        SUM_ROWS,
        TRANSPOSE_CONV,
    ),
    cycles=CYCLES,
    int16_from=BALANCED,
)
