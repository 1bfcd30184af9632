"""MAXIMUM and MINIMUM of four elements in a word: SSUB8 compares them, SEL takes the larger or the smaller ones."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.kernels.cycles import counted
from depthwise.codegen.kernels.general import extremes
from depthwise.codegen.kernels.kernel import Kernel


def _in_fours(kernel: Kernel) -> Kernel:
    name = f"{kernel.name}_dsp"
    return replace(kernel, name=name, headers=("dw_asm.h", "dw_dsp.h"), events=counted(name))


MAXIMUM_DSP: Final = _in_fours(extremes.MAXIMUM)
MAXIMUM_CONSTANT_DSP: Final = _in_fours(extremes.MAXIMUM_CONSTANT)
MINIMUM_DSP: Final = _in_fours(extremes.MINIMUM)
MINIMUM_CONSTANT_DSP: Final = _in_fours(extremes.MINIMUM_CONSTANT)
