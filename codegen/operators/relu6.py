"""RELU6: values below 0 become 0, those above 6 become 6.

tflite-micro copies int8 values between the ends that the input's quantization gives, whatever the output's is
(`kernels/activations_common.cc`), and so do we; LiteRT requantizes, as the golden model does in its modes.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.quantization import OutputScale, int8, rescaled
from .parts.rescale import clamp, clamp_real


@dataclass(frozen=True, slots=True)
class Relu6:
    """Reads a tensor; writes min(max(x, 0), 6), as int8 in the quantization of the input.

    Limits: where the quantization changes, int8 values are clamped in that of the input and copied, as tflite-micro
    does; LiteRT converts them.
    """

    kind: ClassVar[str] = "RELU6"


COMPUTE: Final = clamp(Activation.RELU6)
OPERATOR: Final = Operator(
    operation=Relu6,
    activations=facts.one,
    activation=Activation.RELU6,
    read=reading.without_options(Relu6),
    write=writing.without_fields(0),
    check=shapes.check_same_shape,
    check_quantization=int8(rescaled),
    compute=COMPUTE,
    compute_real=clamp_real(Activation.RELU6),
    keeps_cases=facts.always,
    output_quantization=OutputScale.KEPT,
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
