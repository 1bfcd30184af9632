"""Faster kernels in plain C for cores without other instructions; the innermost functions in assembly too.

Assembly is there for Armv6-M, Thumb-2 and RV32IM.

The one family in two layouts of weights: `ROWS` for cores with few registers, `FOURS` for all others.
"""

from typing import Final

from depthwise.codegen.kernels.kernel import Family, Kernel
from depthwise.codegen.kernels.weight_storage import BALANCED

from .conv_2d import conv_2d, lined, pointwise_conv_2d
from .conv_2d_offset import conv_2d_lines_offset, conv_2d_offset, pointwise
from .cycles import CYCLES
from .depthwise_conv_2d_offset import DEPTHWISE_CONV_2D_WIDE, DEPTHWISE_CONV_2D_WORDS, DEPTHWISE_CONV_2D_WORDS_LINES
from .depthwise_conv_2d_taps import DEPTHWISE_CONV_2D_LINES, DEPTHWISE_CONV_2D_TAPS
from .fully_connected import fully_connected, fully_connected_lines
from .layouts import BY_FOURS, BY_ROWS, Layout
from .planes import ADD_PLANE, SUB_PLANE


def _family(layout: Layout, first: tuple[Kernel, ...], last: tuple[Kernel, ...]) -> Family:
    offset = conv_2d_offset(layout)
    kernels = (
        pointwise_conv_2d(layout),
        conv_2d(layout),
        fully_connected(layout),
        DEPTHWISE_CONV_2D_TAPS,
        ADD_PLANE,
        SUB_PLANE,
        pointwise(offset),
        offset,
    )
    return Family(name="plain", kernels=(*first, *kernels, *last), cycles=CYCLES, int16_from=BALANCED)


FOURS: Final = _family(BY_FOURS, (), (DEPTHWISE_CONV_2D_WIDE,))
ROWS: Final = _family(
    BY_ROWS,
    (
        lined(pointwise_conv_2d(BY_ROWS), "pointwise_conv_2d_lines"),
        lined(conv_2d(BY_ROWS), "conv_2d_lines"),
        fully_connected_lines(),
        DEPTHWISE_CONV_2D_LINES,
        pointwise(conv_2d_lines_offset()),
        conv_2d_lines_offset(),
        DEPTHWISE_CONV_2D_WORDS_LINES,
    ),
    (DEPTHWISE_CONV_2D_WORDS,),
)
