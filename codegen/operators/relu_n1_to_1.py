"""RELU_N1_TO_1: values below −1 become −1, those above 1 become 1.

tflite-micro does not have it: LiteRT's reference kernels are the oracle (`kernels/activations.cc`, Relu1Eval).
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.quantization import OutputScale, int8, rescaled
from .parts.rescale import clamp, clamp_real


@dataclass(frozen=True, slots=True)
class ReluN1To1:
    """Reads a tensor; writes min(max(x, −1), 1) in the output's quantization."""

    kind: ClassVar[str] = "RELU_N1_TO_1"


COMPUTE: Final = clamp(Activation.RELU_N1_TO_1)
OPERATOR: Final = Operator(
    operation=ReluN1To1,
    activations=facts.one,
    activation=Activation.RELU_N1_TO_1,
    read=reading.without_options(ReluN1To1),
    write=writing.first_version(0),
    check=shapes.check_same_shape,
    check_quantization=int8(rescaled),
    compute=COMPUTE,
    compute_real=clamp_real(Activation.RELU_N1_TO_1),
    keeps_cases=facts.always,
    output_quantization=OutputScale.CALIBRATED,
    interval=intervals.elementwise(COMPUTE),
    macs=facts.no_macs,
    weights=None,
    rows=rows.same_row,
    storage=Storage.OVERWRITES,
    window=None,
    channels=channels.alike,
    unary_elementwise=True,
    is_identity=facts.never,
    passes_scales=facts.never,
)
