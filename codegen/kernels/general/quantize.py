"""QUANTIZE between two quantizations of int8."""

from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.kernel import Kernel
from depthwise.codegen.operators import Quantize
from depthwise.codegen.operators.parameters import requantize_parameters

from .elements import elements_of
from .rendered import computes_any
from .rescale import rescaling

QUANTIZE: Final = Kernel(
    name="quantize",
    operators=(Quantize,),
    refusal=computes_any,
    shape=elements_of,
    data=rescaling(requantize_parameters),
    headers=(),
    scratch=None,
    position=False,
    planar=None,
    int16_weights=None,
    events=counted("quantize"),
    proves=None,
    traffic=None,
)
