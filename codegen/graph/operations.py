"""The operators of TensorFlow Lite that this tool knows, one frozen dataclass each: attributes, no tensors.

Which tensors an operation reads, in order, stands in its docstring (I, O: channels; KH, KW: kernel).
`kind` is the operator's name in TensorFlow Lite.
"""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar


class Activation(Enum):
    """Activation fused into an operator: a clamp of its output (`ActivationFunctionType` of the schema)."""

    NONE = "NONE"
    RELU = "RELU"
    RELU_N1_TO_1 = "RELU_N1_TO_1"
    RELU6 = "RELU6"


@dataclass(frozen=True, slots=True)
class Pads:
    """Rows and columns of padding around an image; taps in it contribute nothing.

    The reader resolves SAME and VALID to these: total = max((OH−1)·stride + K − H, 0), before = total // 2.
    """

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Border:
    """Biases that depend on the position: output (y, x) takes bias[rows[y], columns[x]].

    Channels whose value is known, but for SAME padding, are folded to such biases; model files have none.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conv2D:
    """Reads image [1,H,W,I] · weights [O,KH,KW,I] · optional bias [O]; writes [1,OH,OW,O]. (height, width).

    With a `border` the bias is [row classes, column classes, O].
    """

    kind: ClassVar[str] = "CONV_2D"
    stride: tuple[int, int]
    pads: Pads
    dilation: tuple[int, int]
    activation: Activation
    border: Border | None = None


@dataclass(frozen=True, slots=True)
class DepthwiseConv2D:
    """Reads image [1,H,W,I] · weights [1,KH,KW,I·depth_multiplier] · optional bias; writes [1,OH,OW,I·m].

    Output channel = input channel · depth_multiplier + m.
    """

    kind: ClassVar[str] = "DEPTHWISE_CONV_2D"
    stride: tuple[int, int]
    pads: Pads
    dilation: tuple[int, int]
    depth_multiplier: int
    activation: Activation


@dataclass(frozen=True, slots=True)
class FullyConnected:
    """Reads input (I elements) · weights [O,I] · optional bias [O]; writes O elements."""

    kind: ClassVar[str] = "FULLY_CONNECTED"
    activation: Activation


@dataclass(frozen=True, slots=True)
class AveragePool2D:
    """Reads image [1,H,W,C]; writes [1,OH,OW,C]: the mean of the taps that are not padding."""

    kind: ClassVar[str] = "AVERAGE_POOL_2D"
    kernel: tuple[int, int]
    stride: tuple[int, int]
    pads: Pads
    activation: Activation


@dataclass(frozen=True, slots=True)
class MaxPool2D:
    """Reads image [1,H,W,C]; writes [1,OH,OW,C]: the largest of the taps that are not padding."""

    kind: ClassVar[str] = "MAX_POOL_2D"
    kernel: tuple[int, int]
    stride: tuple[int, int]
    pads: Pads
    activation: Activation


@dataclass(frozen=True, slots=True)
class Mean:
    """Reads image [1,H,W,C] (· axes, a constant); writes [1,C] or [1,1,1,C]: the mean over H and W."""

    kind: ClassVar[str] = "MEAN"


@dataclass(frozen=True, slots=True)
class Add:
    """Reads two tensors of one shape; writes their sum. In a float network one may be a constant, as in `Mul`."""

    kind: ClassVar[str] = "ADD"
    activation: Activation


@dataclass(frozen=True, slots=True)
class Mul:
    """Reads a float32 tensor and a float32 constant of one number or one per channel; writes their product.

    Only float networks have it (scales of a batch normalization); it is folded before they are quantized.
    """

    kind: ClassVar[str] = "MUL"
    activation: Activation


@dataclass(frozen=True, slots=True)
class Relu:
    """Reads a tensor; writes max(x, 0) in the output's quantization."""

    kind: ClassVar[str] = "RELU"


@dataclass(frozen=True, slots=True)
class Relu6:
    """Reads a tensor; writes min(max(x, 0), 6) in the same quantization."""

    kind: ClassVar[str] = "RELU6"


@dataclass(frozen=True, slots=True)
class Transpose:
    """Reads a tensor of rank 5 or less (· permutation, a constant); output axis i is input axis permutation[i].

    The batch stays in front.
    """

    kind: ClassVar[str] = "TRANSPOSE"
    permutation: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pad:
    """Reads image [1,H,W,C] (· paddings, a constant); writes it with `pads` of the zero point around."""

    kind: ClassVar[str] = "PAD"
    pads: Pads


@dataclass(frozen=True, slots=True)
class Reshape:
    """Reads a tensor (· new shape, which need not be constant); writes the same elements."""

    kind: ClassVar[str] = "RESHAPE"


@dataclass(frozen=True, slots=True)
class Softmax:
    """Reads [1,N]; writes [1,N]: softmax of beta · input, output scale 1/256 and zero point −128."""

    kind: ClassVar[str] = "SOFTMAX"
    beta: float


@dataclass(frozen=True, slots=True)
class Quantize:
    """Reads float32 or an 8-bit tensor; writes it in the output's 8-bit quantization."""

    kind: ClassVar[str] = "QUANTIZE"


@dataclass(frozen=True, slots=True)
class Dequantize:
    """Reads an 8-bit tensor; writes float32."""

    kind: ClassVar[str] = "DEQUANTIZE"


@dataclass(frozen=True, slots=True)
class Shape:
    """Reads a tensor; writes its shape as int32 [rank]. Left behind by Keras; folded before code is made."""

    kind: ClassVar[str] = "SHAPE"


@dataclass(frozen=True, slots=True)
class StridedSlice:
    """Reads int32 vector · begin · end · strides; writes one element or a vector. Folded, as `Shape`."""

    kind: ClassVar[str] = "STRIDED_SLICE"
    begin_mask: int
    end_mask: int
    shrink_axis_mask: int


@dataclass(frozen=True, slots=True)
class Pack:
    """Reads int32 scalars; writes them as one vector. Folded, as `Shape`."""

    kind: ClassVar[str] = "PACK"
    axis: int


Operation = (
    Conv2D
    | DepthwiseConv2D
    | FullyConnected
    | AveragePool2D
    | MaxPool2D
    | Mean
    | Add
    | Mul
    | Pad
    | Relu
    | Relu6
    | Transpose
    | Reshape
    | Softmax
    | Quantize
    | Dequantize
    | Shape
    | StridedSlice
    | Pack
)
