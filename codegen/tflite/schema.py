"""Field numbers and enum values of the TensorFlow Lite schema, version 3.

Facts of `tensorflow/compiler/mlir/lite/schema/schema.fbs` in the tflite-micro repository. A field's number is
its place in its table; a union takes two, its type and its value.
"""

from enum import IntEnum
from typing import Final

IDENTIFIER: Final = b"TFL3"
VERSION: Final = 3


class Model(IntEnum):
    """table Model."""

    VERSION = 0
    OPERATOR_CODES = 1
    SUBGRAPHS = 2
    DESCRIPTION = 3
    BUFFERS = 4


class OperatorCode(IntEnum):
    """table OperatorCode: the operator is the larger of the two codes (the old one is a byte, up to 127)."""

    DEPRECATED_BUILTIN_CODE = 0
    CUSTOM_CODE = 1
    VERSION = 2
    BUILTIN_CODE = 3


class SubGraph(IntEnum):
    """table SubGraph."""

    TENSORS = 0
    INPUTS = 1
    OUTPUTS = 2
    OPERATORS = 3
    NAME = 4


class Buffer(IntEnum):
    """table Buffer: data inside the flatbuffer, or offset > 1 and size of data behind it in the file."""

    DATA = 0
    OFFSET = 1
    SIZE = 2


class Tensor(IntEnum):
    """table Tensor."""

    SHAPE = 0
    TYPE = 1
    BUFFER = 2
    NAME = 3
    QUANTIZATION = 4
    IS_VARIABLE = 5
    SPARSITY = 6
    SHAPE_SIGNATURE = 7
    EXTERNAL_BUFFER = 10


class Quantization(IntEnum):
    """table QuantizationParameters."""

    SCALE = 2
    ZERO_POINT = 3
    DETAILS_TYPE = 4
    QUANTIZED_DIMENSION = 6


class Operator(IntEnum):
    """table Operator."""

    OPCODE_INDEX = 0
    INPUTS = 1
    OUTPUTS = 2
    OPTIONS_TYPE = 3
    OPTIONS = 4


class Options(IntEnum):
    """union BuiltinOptions: which table of options an operator carries."""

    NONE = 0
    CONV_2D = 1
    DEPTHWISE_CONV_2D = 2
    POOL_2D = 5
    FULLY_CONNECTED = 8
    SOFTMAX = 9
    ADD = 11
    RESHAPE = 17
    PAD = 22
    REDUCER = 27
    STRIDED_SLICE = 32
    DEQUANTIZE = 38
    SHAPE = 55
    PACK = 59
    QUANTIZE = 89


class Padding(IntEnum):
    """enum Padding."""

    SAME = 0
    VALID = 1


class Conv2D(IntEnum):
    """table Conv2DOptions."""

    PADDING = 0
    STRIDE_W = 1
    STRIDE_H = 2
    ACTIVATION = 3
    DILATION_W = 4
    DILATION_H = 5


class DepthwiseConv2D(IntEnum):
    """table DepthwiseConv2DOptions."""

    PADDING = 0
    STRIDE_W = 1
    STRIDE_H = 2
    DEPTH_MULTIPLIER = 3
    ACTIVATION = 4
    DILATION_W = 5
    DILATION_H = 6


class Pool2D(IntEnum):
    """table Pool2DOptions."""

    PADDING = 0
    STRIDE_W = 1
    STRIDE_H = 2
    FILTER_WIDTH = 3
    FILTER_HEIGHT = 4
    ACTIVATION = 5


class FullyConnected(IntEnum):
    """table FullyConnectedOptions; weights format 0 is the plain one."""

    ACTIVATION = 0
    WEIGHTS_FORMAT = 1
    KEEP_NUM_DIMS = 2


class Softmax(IntEnum):
    """table SoftmaxOptions."""

    BETA = 0


class Add(IntEnum):
    """table AddOptions."""

    ACTIVATION = 0


class Reducer(IntEnum):
    """table ReducerOptions."""

    KEEP_DIMS = 0


class StridedSlice(IntEnum):
    """table StridedSliceOptions."""

    BEGIN_MASK = 0
    END_MASK = 1
    ELLIPSIS_MASK = 2
    NEW_AXIS_MASK = 3
    SHRINK_AXIS_MASK = 4
    OFFSET = 5


class Pack(IntEnum):
    """table PackOptions."""

    VALUES_COUNT = 0
    AXIS = 1


class Shape(IntEnum):
    """table ShapeOptions."""

    OUT_TYPE = 0


ACTIVATIONS: Final = ("NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT")

TENSOR_TYPES: Final = tuple(
    "float32 float16 int32 uint8 int64 string bool int16 complex64 int8 float64 complex128 uint64 resource"
    " variant uint32 uint16 int4 bfloat16 int2 uint4 float8_e4m3fn float8_e5m2".split()
)
