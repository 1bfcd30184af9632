"""Kernels for the Arm DSP extension: Cortex-M4, M7, M33. Why they are exact is in docs/reference/kernels.md."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from depthwise.codegen.kernels.flash import AT_ONCE, Flash
from depthwise.codegen.kernels.kernel import Family, Kernel
from depthwise.codegen.kernels.weight_storage import BALANCED

from .average_pool_2d import AVERAGE_POOL_2D_SUMS_DSP
from .batch_matmul import BATCH_MATMUL_CONSTANT_DSP, BATCH_MATMUL_DSP
from .conv_2d import conv_2d_dsp
from .conv_2d_columns import conv_2d_columns_dsp
from .conv_2d_groups import CONV_2D_GROUPS_DSP
from .conv_2d_kept import conv_2d_kept_dsp
from .conv_2d_threes import conv_2d_threes_dsp
from .cycles import CYCLES
from .depthwise_conv_2d import DEPTHWISE_CONV_2D_DSP, DEPTHWISE_CONV_2D_TURNED_DSP
from .depthwise_conv_2d_padded import DEPTHWISE_CONV_2D_PADDED_DSP
from .extremes import MAXIMUM_CONSTANT_DSP, MAXIMUM_DSP, MINIMUM_CONSTANT_DSP, MINIMUM_DSP
from .for_flash import Faster, unless_slower, with_int16
from .fully_connected import FULLY_CONNECTED_DSP
from .fully_connected_pairs import FULLY_CONNECTED_PAIRS_DSP
from .fully_connected_vectors import FULLY_CONNECTED_VECTORS_DSP
from .lstm_steps import LSTM_STEPS_DSP
from .pools import AVERAGE_POOL_2D_DSP, MAX_POOL_2D_DSP
from .svdf import SVDF_DSP, SVDF_INT16_DSP
from .svdf_state import SVDF_STATE_DSP
from .transpose import TRANSPOSE_DSP
from .transpose_conv import TRANSPOSE_CONV_DSP

# Kernels that are the same whether flash waits or not.
OTHERS: Final = (
    CONV_2D_GROUPS_DSP,
    TRANSPOSE_CONV_DSP,
    FULLY_CONNECTED_PAIRS_DSP,
    FULLY_CONNECTED_DSP,
    FULLY_CONNECTED_VECTORS_DSP,
    DEPTHWISE_CONV_2D_DSP,
    DEPTHWISE_CONV_2D_TURNED_DSP,
    DEPTHWISE_CONV_2D_PADDED_DSP,
    AVERAGE_POOL_2D_SUMS_DSP,
    AVERAGE_POOL_2D_DSP,
    MAX_POOL_2D_DSP,
    LSTM_STEPS_DSP,
    SVDF_STATE_DSP,
    SVDF_DSP,
    SVDF_INT16_DSP,
    BATCH_MATMUL_DSP,
    BATCH_MATMUL_CONSTANT_DSP,
    MAXIMUM_DSP,
    MAXIMUM_CONSTANT_DSP,
    MINIMUM_DSP,
    MINIMUM_CONSTANT_DSP,
    TRANSPOSE_DSP,
)


def _family(kernels: Iterable[Kernel]) -> Family:
    return Family(name="dsp", kernels=tuple(kernels), cycles=CYCLES, int16_from=BALANCED)


COLUMNS: Final = conv_2d_columns_dsp(waits=False)
FAMILY: Final = _family(
    (
        conv_2d_kept_dsp(waits=False),
        unless_slower(conv_2d_threes_dsp(waits=False), COLUMNS, CYCLES, AT_ONCE),
        COLUMNS,
        conv_2d_dsp(waits=False),
        *OTHERS,
    )
)


@cache
def for_flash(flash: Flash) -> Family:
    """The family for a flash."""
    if not flash.wait_states:
        return FAMILY
    threes, columns, blocks = (
        Faster((made(waits=True), made(waits=False)), CYCLES, flash).kernel()
        for made in (conv_2d_threes_dsp, conv_2d_columns_dsp, conv_2d_dsp)
    )
    threes = unless_slower(threes, columns, CYCLES, flash)
    copied, kept = (conv_2d_kept_dsp(waits=waits) for waits in (True, False))
    kept = unless_slower(kept, blocks, CYCLES, flash)
    kernels = (unless_slower(copied, kept, CYCLES, flash), kept, threes, columns, blocks, *OTHERS)
    return _family(with_int16(kernel, CYCLES, flash) for kernel in kernels)
