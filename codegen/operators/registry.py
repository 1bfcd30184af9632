"""All operators, and how to find the room of one."""

from collections.abc import Mapping
from typing import Any, Final

from depthwise.codegen.graph import Operation

from .abs import OPERATOR as ABS
from .add import OPERATOR as ADD
from .arg_max import OPERATOR as ARG_MAX
from .average_pool_2d import OPERATOR as AVERAGE_POOL_2D
from .conv_2d import OPERATOR as CONV_2D
from .depthwise_conv_2d import OPERATOR as DEPTHWISE_CONV_2D
from .dequantize import OPERATOR as DEQUANTIZE
from .elu import OPERATOR as ELU
from .fully_connected import OPERATOR as FULLY_CONNECTED
from .hard_swish import OPERATOR as HARD_SWISH
from .leaky_relu import OPERATOR as LEAKY_RELU
from .log_softmax import OPERATOR as LOG_SOFTMAX
from .logistic import OPERATOR as LOGISTIC
from .max_pool_2d import OPERATOR as MAX_POOL_2D
from .maximum import OPERATOR as MAXIMUM
from .mean import OPERATOR as MEAN
from .minimum import OPERATOR as MINIMUM
from .mul import OPERATOR as MUL
from .operator import Op, Operator
from .pack import OPERATOR as PACK
from .pad import OPERATOR as PAD
from .parts.activation import Activated, Activation
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
from .shape import OPERATOR as SHAPE
from .softmax import OPERATOR as SOFTMAX
from .strided_slice import OPERATOR as STRIDED_SLICE
from .sub import OPERATOR as SUB
from .sum import OPERATOR as SUM
from .table import OPERATOR as TABLE
from .tanh import OPERATOR as TANH
from .transpose import OPERATOR as TRANSPOSE

OPERATORS: Final[tuple[Operator[Any], ...]] = (
    ABS,
    ADD,
    ARG_MAX,
    AVERAGE_POOL_2D,
    CONV_2D,
    DEPTHWISE_CONV_2D,
    DEQUANTIZE,
    ELU,
    FULLY_CONNECTED,
    HARD_SWISH,
    LEAKY_RELU,
    LOGISTIC,
    LOG_SOFTMAX,
    MAXIMUM,
    MAX_POOL_2D,
    MEAN,
    MINIMUM,
    MUL,
    PACK,
    PAD,
    PRELU,
    QUANTIZE,
    REDUCE_MAX,
    REDUCE_MIN,
    REDUCE_PROD,
    RELU,
    RELU6,
    RELU_N1_TO_1,
    RESHAPE,
    SHAPE,
    SOFTMAX,
    STRIDED_SLICE,
    TANH,
    SUB,
    SUM,
    TRANSPOSE,
)
# Operators that passes make; no file has them.
MADE: Final[tuple[Operator[Any], ...]] = (TABLE,)
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
    return op.activation if isinstance(op, Activated) else operator_of(op).activation
