"""RELU: negative values become 0."""

from dataclasses import dataclass
from typing import ClassVar, Final

from .operator import Operator, Storage
from .parts import channels, facts, intervals, reading, rows, shapes, writing
from .parts.activation import Activation
from .parts.quantization import OutputScale, int8, rescaled
from .parts.rescale import clamp, clamp_real


@dataclass(frozen=True, slots=True)
class Relu:
    """Reads a tensor; writes max(x, 0) in the output's quantization."""

    kind: ClassVar[str] = "RELU"


COMPUTE: Final = clamp(Activation.RELU)
OPERATOR: Final = Operator(
    operation=Relu,
    activations=facts.one,
    activation=Activation.RELU,
    read=reading.without_options(Relu),
    write=writing.without_fields(0),
    check=shapes.check_same_shape,
    check_quantization=int8(rescaled),
    compute=COMPUTE,
    compute_real=clamp_real(Activation.RELU),
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
