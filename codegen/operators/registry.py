"""All operators, and how to find the room of one."""

from collections.abc import Mapping
from typing import Any, Final

from depthwise.codegen.graph import Operation

from .abs import OPERATOR as ABS
from .add import OPERATOR as ADD
from .arg_max import OPERATOR as ARG_MAX
from .average_pool_2d import OPERATOR as AVERAGE_POOL_2D
from .batch_matmul import OPERATOR as BATCH_MATMUL
from .batch_to_space_nd import OPERATOR as BATCH_TO_SPACE_ND
from .concatenation import OPERATOR as CONCATENATION
from .conv_2d import OPERATOR as CONV_2D
from .depth_to_space import OPERATOR as DEPTH_TO_SPACE
from .depthwise_conv_2d import OPERATOR as DEPTHWISE_CONV_2D
from .dequantize import OPERATOR as DEQUANTIZE
from .div import OPERATOR as DIV
from .elu import OPERATOR as ELU
from .expand_dims import OPERATOR as EXPAND_DIMS
from .fill import OPERATOR as FILL
from .fully_connected import OPERATOR as FULLY_CONNECTED
from .gather import OPERATOR as GATHER
from .hard_swish import OPERATOR as HARD_SWISH
from .leaky_relu import OPERATOR as LEAKY_RELU
from .log_softmax import OPERATOR as LOG_SOFTMAX
from .logistic import OPERATOR as LOGISTIC
from .max_pool_2d import OPERATOR as MAX_POOL_2D
from .maximum import OPERATOR as MAXIMUM
from .mean import OPERATOR as MEAN
from .minimum import OPERATOR as MINIMUM
from .mirror_pad import OPERATOR as MIRROR_PAD
from .mul import OPERATOR as MUL
from .operator import Op, Operator
from .pack import OPERATOR as PACK
from .pad import OPERATOR as PAD
from .padv2 import OPERATOR as PADV2
from .parts.activation import Activation, is_activated
from .parts.weights import Weights
from .prelu import OPERATOR as PRELU
from .quantize import OPERATOR as QUANTIZE
from .reduce_max import OPERATOR as REDUCE_MAX
from .reduce_min import OPERATOR as REDUCE_MIN
from .reduce_prod import OPERATOR as REDUCE_PROD
from .relu import OPERATOR as RELU
from .relu6 import OPERATOR as RELU6
from .relu_n1_to_1 import OPERATOR as RELU_N1_TO_1
from .reshape import OPERATOR as RESHAPE
from .resize_bilinear import OPERATOR as RESIZE_BILINEAR
from .resize_nearest_neighbor import OPERATOR as RESIZE_NEAREST_NEIGHBOR
from .reverse_v2 import OPERATOR as REVERSE_V2
from .select_v2 import OPERATOR as SELECT_V2
from .shape import OPERATOR as SHAPE
from .slice import OPERATOR as SLICE
from .softmax import OPERATOR as SOFTMAX
from .space_to_batch_nd import OPERATOR as SPACE_TO_BATCH_ND
from .space_to_depth import OPERATOR as SPACE_TO_DEPTH
from .split import OPERATOR as SPLIT
from .split_v import OPERATOR as SPLIT_V
from .squared_difference import OPERATOR as SQUARED_DIFFERENCE
from .squeeze import OPERATOR as SQUEEZE
from .strided_slice import OPERATOR as STRIDED_SLICE
from .sub import OPERATOR as SUB
from .sum import OPERATOR as SUM
from .svdf import OPERATOR as SVDF
from .svdf_state import OPERATOR as SVDF_STATE
from .table import OPERATOR as TABLE
from .tanh import OPERATOR as TANH
from .tile import OPERATOR as TILE
from .transpose import OPERATOR as TRANSPOSE
from .transpose_conv import OPERATOR as TRANSPOSE_CONV
from .unidirectional_sequence_lstm import OPERATOR as UNIDIRECTIONAL_SEQUENCE_LSTM
from .unidirectional_sequence_lstm_state import OPERATOR as UNIDIRECTIONAL_SEQUENCE_LSTM_STATE
from .unpack import OPERATOR as UNPACK

OPERATORS: Final[tuple[Operator[Any], ...]] = (
    ABS,
    ADD,
    ARG_MAX,
    AVERAGE_POOL_2D,
    BATCH_MATMUL,
    BATCH_TO_SPACE_ND,
    CONCATENATION,
    CONV_2D,
    DEPTHWISE_CONV_2D,
    DEPTH_TO_SPACE,
    DEQUANTIZE,
    DIV,
    ELU,
    EXPAND_DIMS,
    FILL,
    FULLY_CONNECTED,
    GATHER,
    HARD_SWISH,
    LEAKY_RELU,
    LOGISTIC,
    LOG_SOFTMAX,
    MAXIMUM,
    MAX_POOL_2D,
    MEAN,
    MINIMUM,
    MIRROR_PAD,
    MUL,
    PACK,
    PAD,
    PADV2,
    PRELU,
    QUANTIZE,
    REDUCE_MAX,
    REDUCE_MIN,
    REDUCE_PROD,
    RELU,
    RELU6,
    RELU_N1_TO_1,
    RESHAPE,
    RESIZE_BILINEAR,
    RESIZE_NEAREST_NEIGHBOR,
    REVERSE_V2,
    SHAPE,
    SELECT_V2,
    SLICE,
    SOFTMAX,
    SPACE_TO_BATCH_ND,
    SPACE_TO_DEPTH,
    SPLIT,
    SPLIT_V,
    SQUARED_DIFFERENCE,
    SQUEEZE,
    STRIDED_SLICE,
    SUB,
    SUM,
    SVDF,
    TANH,
    TILE,
    TRANSPOSE,
    TRANSPOSE_CONV,
    UNIDIRECTIONAL_SEQUENCE_LSTM,
    UNPACK,
)
# Operators that passes make, or the reader of halves of one; no file has them.
MADE: Final[tuple[Operator[Any], ...]] = (SVDF_STATE, TABLE, UNIDIRECTIONAL_SEQUENCE_LSTM_STATE)
BY_KIND: Final[Mapping[str, Operator[Any]]] = {operator.kind: operator for operator in OPERATORS}
_BY_TYPE: Final[Mapping[type[Operation], Operator[Any]]] = {
    operator.operation: operator for operator in (*OPERATORS, *MADE)
}


def operator_of(op: Op) -> Operator[Op]:
    """What is known of an operation; one without a room is a bug of ours."""
    return _BY_TYPE[type(op)]


def has_weights(op: Operation) -> bool:
    """Tell whether an operation multiplies by constants of its own."""
    return operator_of(op).weights is not None


def weights_of(op: Operation) -> Weights:
    """What is known of the weights of an operation that has some."""
    weights = operator_of(op).weights
    assert weights is not None, op.kind
    return weights


def activation_of(op: Operation) -> Activation:
    """The clamp that ends an operation: fused into it, or the operation itself."""
    return op.activation if is_activated(op) else operator_of(op).activation
