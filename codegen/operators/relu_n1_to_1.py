"""RELU_N1_TO_1: values below −1 become −1, those above 1 become 1.

tflite-micro does not have it: LiteRT's reference kernels are the oracle (`kernels/activations.cc`, Relu1Eval).
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from .parts import reading, writing
from .parts.activation import Activation
from .parts.quantization import OutputScale, int8, rescaled
from .parts.rescale import clamp, clamp_real
from .unary import unary


@dataclass(frozen=True, slots=True)
class ReluN1To1:
    """Reads a tensor; writes min(max(x, −1), 1) in the output's quantization."""

    kind: ClassVar[str] = "RELU_N1_TO_1"


COMPUTE: Final = clamp(Activation.RELU_N1_TO_1)
OPERATOR: Final = unary(
    ReluN1To1,
    activation=Activation.RELU_N1_TO_1,
    read=reading.without_options(ReluN1To1),
    write=writing.first_version(0),
    check_quantization=int8(rescaled),
    compute=COMPUTE,
    of_int8=COMPUTE,
    compute_real=clamp_real(Activation.RELU_N1_TO_1),
    output_quantization=OutputScale.CALIBRATED,
)
