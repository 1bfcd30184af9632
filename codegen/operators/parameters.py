"""The integers that the arithmetic of each operator needs, gathered from the rooms for who makes code of them.

The golden model and the generated C both compute with them. Shifts follow TensorFlow Lite's sign: positive is to
the left.
"""

from depthwise.codegen.arithmetic.fixedpoint import Mode
from depthwise.codegen.graph import Graph, Node

from .add import add_parameters
from .batch_matmul import batch_matmul_parameters
from .div import div_parameters
from .log_softmax import LogSoftmaxParameters, log_softmax_parameters
from .mean import mean_parameters
from .mul import MulParameters, mul_parameters
from .parts.activation import activation_range
from .parts.pools import PoolParameters, pool_parameters
from .parts.quantization import quantization_of
from .parts.rescale import ReluParameters, RequantizeParameters, clamp_parameters, requantize_parameters
from .parts.two_scales import LEFT_SHIFT, AddParameters
from .parts.weights import ConvParameters
from .prelu import PreluParameters, prelu_parameters
from .registry import operator_of, weights_of
from .softmax import SoftmaxParameters, softmax_parameters
from .squared_difference import squared_difference_parameters
from .sub import sub_parameters
from .svdf import SvdfParameters, svdf_parameters
from .svdf_state import SvdfStateParameters, svdf_state_parameters
from .unidirectional_sequence_lstm_state import LstmParameters, lstm_parameters

__all__ = [
    "LEFT_SHIFT",
    "AddParameters",
    "ConvParameters",
    "LogSoftmaxParameters",
    "LstmParameters",
    "MulParameters",
    "PoolParameters",
    "PreluParameters",
    "ReluParameters",
    "RequantizeParameters",
    "SoftmaxParameters",
    "SvdfParameters",
    "SvdfStateParameters",
    "activation_range",
    "add_parameters",
    "batch_matmul_parameters",
    "conv_parameters",
    "div_parameters",
    "log_softmax_parameters",
    "lstm_parameters",
    "mean_parameters",
    "mul_parameters",
    "pool_parameters",
    "prelu_parameters",
    "quantization_of",
    "relu_parameters",
    "requantize_parameters",
    "softmax_parameters",
    "squared_difference_parameters",
    "sub_parameters",
    "svdf_parameters",
    "svdf_state_parameters",
]


def conv_parameters(graph: Graph, node: Node, mode: Mode = Mode.TFLM) -> ConvParameters:
    """Parameters of a layer with weights."""
    return weights_of(node.op).parameters(graph, node, mode)


def relu_parameters(graph: Graph, node: Node, mode: Mode = Mode.TFLM) -> ReluParameters:
    """Parameters of an operator that is an activation: RELU or RELU6."""
    return clamp_parameters(operator_of(node.op).activation)(graph, node, mode)
