"""RELU6: values below 0 become 0, those above 6 become 6.

tflite-micro copies int8 values between the ends that the input's quantization gives, whatever the output's is
(`kernels/activations_common.cc`), and so do we; LiteRT requantizes, as the golden model does in its modes.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from .parts import reading, writing
from .parts.activation import Activation
from .parts.quantization import OutputScale, int8, rescaled
from .parts.rescale import clamp, clamp_real
from .unary import unary


@dataclass(frozen=True, slots=True)
class Relu6:
    """Reads a tensor; writes min(max(x, 0), 6), as int8 in the quantization of the input.

    Limits: where the quantization changes, int8 values are clamped in that of the input and copied, as tflite-micro
    does; LiteRT converts them.
    """

    kind: ClassVar[str] = "RELU6"


COMPUTE: Final = clamp(Activation.RELU6)
OPERATOR: Final = unary(
    Relu6,
    activation=Activation.RELU6,
    read=reading.without_options(Relu6),
    write=writing.without_fields(0),
    check_quantization=int8(rescaled),
    compute=COMPUTE,
    of_int8=COMPUTE,
    compute_real=clamp_real(Activation.RELU6),
    output_quantization=OutputScale.KEPT,
)
