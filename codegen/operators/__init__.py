"""The operators of TensorFlow Lite that this tool knows: one room each, in which all that is known of it stands.

Files here are rooms, and what asks all of them (`registry`, `validate`, `costs`, `bounds`, `parameters`, `tables`);
what several rooms share lives in `parts`.
"""

from depthwise.codegen.graph import Operation, Pads

from .abs import Abs
from .add import Add
from .arg_max import ArgMax
from .average_pool_2d import AveragePool2D
from .batch_matmul import BatchMatmul
from .batch_to_space_nd import BatchToSpaceNd
from .concatenation import Concatenation
from .conv_2d import Conv2D
from .depth_to_space import DepthToSpace
from .depthwise_conv_2d import DepthwiseConv2D
from .dequantize import Dequantize
from .div import Div
from .elu import Elu
from .expand_dims import ExpandDims
from .fill import Fill
from .fully_connected import FullyConnected
from .gather import Gather
from .hard_swish import HardSwish
from .leaky_relu import LeakyRelu
from .log_softmax import LogSoftmax
from .logistic import Logistic
from .max_pool_2d import MaxPool2D
from .maximum import Maximum
from .mean import Mean
from .minimum import Minimum
from .mirror_pad import MirrorPad
from .mul import Mul
from .operator import Operator, Storage
from .pack import Pack
from .pad import Pad
from .padv2 import PadV2
from .parts.activation import Activation, is_activated
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
from .resize_bilinear import ResizeBilinear
from .resize_nearest_neighbor import ResizeNearestNeighbor
from .reverse_v2 import ReverseV2
from .select_v2 import SelectV2
from .shape import Shape
from .slice import Slice
from .softmax import Softmax
from .space_to_batch_nd import SpaceToBatchNd
from .space_to_depth import SpaceToDepth
from .split import Split
from .split_v import SplitV
from .squared_difference import SquaredDifference
from .squeeze import Squeeze
from .strided_slice import StridedSlice
from .sub import Sub
from .sum import Sum
from .svdf import Svdf
from .svdf_state import SvdfState
from .table import Table
from .tanh import Tanh
from .tile import Tile
from .transpose import Transpose
from .transpose_conv import TransposeConv
from .unidirectional_sequence_lstm import UnidirectionalSequenceLstm
from .unidirectional_sequence_lstm_state import UnidirectionalSequenceLstmState
from .unpack import Unpack

__all__ = [
    "OPERATORS",
    "Abs",
    "Activation",
    "Add",
    "ArgMax",
    "AveragePool2D",
    "BatchMatmul",
    "BatchToSpaceNd",
    "Border",
    "Concatenation",
    "Conv2D",
    "DepthToSpace",
    "DepthwiseConv2D",
    "Dequantize",
    "Div",
    "Elu",
    "ExpandDims",
    "Fill",
    "FullyConnected",
    "Gather",
    "HardSwish",
    "LeakyRelu",
    "LogSoftmax",
    "Logistic",
    "MaxPool2D",
    "Maximum",
    "Mean",
    "Minimum",
    "MirrorPad",
    "Mul",
    "Operation",
    "Operator",
    "Pack",
    "Pad",
    "PadV2",
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
    "ResizeBilinear",
    "ResizeNearestNeighbor",
    "ReverseV2",
    "SelectV2",
    "Shape",
    "Slice",
    "Softmax",
    "SpaceToBatchNd",
    "SpaceToDepth",
    "Split",
    "SplitV",
    "SquaredDifference",
    "Squeeze",
    "Storage",
    "StridedSlice",
    "Sub",
    "Sum",
    "Svdf",
    "SvdfState",
    "Table",
    "Tanh",
    "Tile",
    "Transpose",
    "TransposeConv",
    "UnidirectionalSequenceLstm",
    "UnidirectionalSequenceLstmState",
    "Unpack",
    "activation_of",
    "has_weights",
    "is_activated",
    "operator_of",
    "weights_of",
]
