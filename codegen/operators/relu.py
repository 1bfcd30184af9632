"""RELU: negative values become 0."""

from dataclasses import dataclass
from typing import ClassVar, Final

from .parts import reading, writing
from .parts.activation import Activation
from .parts.quantization import OutputScale, int8, rescaled
from .parts.rescale import clamp, clamp_real
from .unary import unary


@dataclass(frozen=True, slots=True)
class Relu:
    """Reads a tensor; writes max(x, 0) in the output's quantization."""

    kind: ClassVar[str] = "RELU"


COMPUTE: Final = clamp(Activation.RELU)
OPERATOR: Final = unary(
    Relu,
    activation=Activation.RELU,
    read=reading.without_options(Relu),
    write=writing.without_fields(0),
    check_quantization=int8(rescaled),
    compute=COMPUTE,
    of_int8=COMPUTE,
    compute_real=clamp_real(Activation.RELU),
    output_quantization=OutputScale.CALIBRATED,
)
