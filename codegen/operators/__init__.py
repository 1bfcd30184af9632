"""The operators of TensorFlow Lite that this tool knows: one room each, in which all that is known of it stands.

Files here are rooms, and what asks all of them (`registry`, `validate`, `costs`, `bounds`, `parameters`, `tables`);
what several rooms share lives in `parts`.
"""

from depthwise.codegen.graph import Operation, Pads

from .abs import Abs
from .add import Add
from .arg_max import ArgMax
from .average_pool_2d import AveragePool2D
from .conv_2d import Conv2D
from .depthwise_conv_2d import DepthwiseConv2D
from .dequantize import Dequantize
from .elu import Elu
from .fully_connected import FullyConnected
from .hard_swish import HardSwish
from .leaky_relu import LeakyRelu
from .log_softmax import LogSoftmax
from .logistic import Logistic
from .max_pool_2d import MaxPool2D
from .maximum import Maximum
from .mean import Mean
from .minimum import Minimum
from .mul import Mul
from .operator import Operator, Storage
from .pack import Pack
from .pad import Pad
from .parts.activation import Activated, Activation
from .parts.border import Border
from .prelu import Prelu
from .quantize import Quantize
from .reduce_max import ReduceMax
from .reduce_min import ReduceMin
from .reduce_prod import ReduceProd
from .registry import OPERATORS, activation_of, has_weights, operator_of, weights_of
from .relu import Relu
from .relu6 import Relu6
from .relu_n1_to_1 import ReluN1To1
from .reshape import Reshape
from .shape import Shape
from .softmax import Softmax
from .strided_slice import StridedSlice
from .sub import Sub
from .sum import Sum
from .table import Table
from .tanh import Tanh
from .transpose import Transpose

__all__ = [
    "OPERATORS",
    "Abs",
    "Activated",
    "Activation",
    "Add",
    "ArgMax",
    "AveragePool2D",
    "Border",
    "Conv2D",
    "DepthwiseConv2D",
    "Dequantize",
    "Elu",
    "FullyConnected",
    "HardSwish",
    "LeakyRelu",
    "LogSoftmax",
    "Logistic",
    "MaxPool2D",
    "Maximum",
    "Mean",
    "Minimum",
    "Mul",
    "Operation",
    "Operator",
    "Pack",
    "Pad",
    "Pads",
    "Prelu",
    "Quantize",
    "ReduceMax",
    "ReduceMin",
    "ReduceProd",
    "Relu",
    "Relu6",
    "ReluN1To1",
    "Reshape",
    "Shape",
    "Softmax",
    "Storage",
    "StridedSlice",
    "Sub",
    "Sum",
    "Table",
    "Tanh",
    "Transpose",
    "activation_of",
    "has_weights",
    "operator_of",
    "weights_of",
]
