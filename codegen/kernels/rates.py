"""Cortex-M4 cycles of kernels whose time is their multiplications and elements: measured, one line for each kernel.

Fitted to random networks of one layer (`python -m docs.make.calibrate_rates`), less the copying of their inputs and
outputs, and for SOFTMAX, MEAN and ADD to the real models of docs/results/benchmarks.md too;
docs/results/operators-speed.md says how far they are off on other networks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rates:
    """Cycles of a multiplication, of an element that is read or written, of one that is written, and of a vector.

    A vector is what lies along the last axis, of the input or of the output: the larger number of them counts.
    """

    mac: float
    element: float
    written: float
    vector: float


RATES: Final[Mapping[str, Rates]] = {
    "add": Rates(0.0, 7.4, 27.5, 30.9),
    "add_broadcast": Rates(0.0, 11.7, 24.4, 14.6),
    "add_constant": Rates(0.0, 10.2, 24.2, 17.9),
    "add_plane": Rates(0.0, 3.3, 0.0, 0.0),
    "arg_max": Rates(0.0, 11.5, 1.3, 0.0),
    "batch_matmul": Rates(11.2, 0.0, 0.0, 672.6),
    "batch_matmul_constant": Rates(11.9, 0.0, 0.0, 591.0),
    "conv_2d": Rates(10.1, 0.0, 0.0, 1266.0),
    "conv_2d_border": Rates(6.2, 44.4, 0.0, 0.0),
    "conv_2d_fours": Rates(3.2, 31.8, 20.2, 0.0),
    "conv_2d_groups": Rates(16.0, 0.0, 0.0, 1114.4),
    "conv_2d_offset": Rates(10.1, 0.0, 0.0, 1266.0),
    "conv_2d_rows": Rates(13.9, 26.7, 72.2, 0.0),
    "depthwise_conv_2d": Rates(17.6, 0.0, 121.9, 0.0),
    "depthwise_conv_2d_offset": Rates(17.6, 0.0, 121.9, 0.0),
    "div": Rates(0.0, 69.5, 208.5, 23.7),
    "div_constant": Rates(0.0, 107.4, 214.9, 0.0),
    "extreme_axes": Rates(0.0, 7.4, 1.3, 0.0),
    "extreme_rows": Rates(0.0, 9.2, 30.0, 0.0),
    "fully_connected": Rates(4.0, 38.9, 151.9, 0.0),
    "fully_connected_fours": Rates(2.6, 24.9, 167.4, 0.0),
    "fully_connected_rows": Rates(6.4, 62.8, 152.6, 0.0),
    "fully_connected_vectors": Rates(5.8, 25.8, 17.0, 188.4),
    "log_softmax": Rates(0.0, 42.6, 89.1, 704.2),
    "lstm_cells": Rates(0.0, 0.0, 2.5, 0.0),
    "lstm_hidden": Rates(0.0, 0.0, 7.0, 0.0),
    "lstm_steps": Rates(11.8, 0.0, 352.6, 0.0),
    "maximum": Rates(0.0, 1.1, 8.6, 9.3),
    "maximum_constant": Rates(0.0, 1.8, 7.4, 8.2),
    "maximum_constant_dsp": Rates(0.0, 0.6, 1.3, 0.0),
    "maximum_dsp": Rates(0.0, 0.4, 1.2, 3.2),
    "mean": Rates(0.0, 14.5, 0.0, 0.0),
    "minimum": Rates(0.0, 1.1, 8.6, 9.4),
    "minimum_constant": Rates(0.0, 1.7, 7.4, 7.4),
    "minimum_constant_dsp": Rates(0.0, 0.6, 1.3, 0.0),
    "minimum_dsp": Rates(0.0, 0.4, 1.2, 3.3),
    "mul": Rates(0.0, 1.2, 30.3, 14.7),
    "mul_constant": Rates(0.0, 6.7, 17.3, 9.6),
    "pad": Rates(0.0, 0.0, 0.5, 2.0),
    "pointwise_conv_2d_fours": Rates(3.1, 1.0, 40.3, 11.9),
    "pointwise_conv_2d_rows": Rates(13.8, 5.1, 67.6, 2.5),
    "prelu": Rates(0.0, 5.4, 14.7, 32.5),
    "quantize": Rates(0.0, 3.4, 10.6, 2.5),
    "relu": Rates(0.0, 3.2, 10.3, 3.2),
    "resize_bilinear": Rates(0.0, 11.3, 17.1, 18.0),
    "resize_bilinear_whole": Rates(0.0, 11.3, 17.1, 18.0),
    "select_v2": Rates(0.0, 1.6, 6.3, 6.6),
    "softmax": Rates(0.0, 180.0, 0.0, 700.0),
    "softmax_int16": Rates(0.0, 180.0, 0.0, 700.0),
    "squared_difference": Rates(0.0, 9.5, 28.4, 31.8),
    "squared_difference_constant": Rates(0.0, 13.1, 26.2, 11.9),
    "sub": Rates(0.0, 7.2, 26.7, 10.7),
    "sub_constant": Rates(0.0, 10.5, 25.0, 10.3),
    "sub_plane": Rates(0.0, 3.3, 0.0, 0.0),
    "sum_axes": Rates(0.0, 6.3, 12.6, 11.3),
    "sum_rows": Rates(0.0, 7.0, 62.0, 0.0),
    "svdf": Rates(4.9, 3.1, 29.7, 18.9),
    "svdf_int16": Rates(7.8, 5.3, 7.5, 1257.0),
    "svdf_state": Rates(9.6, 0.0, 6.2, 576.7),
    "table": Rates(0.0, 0.2, 4.3, 2.7),
    "transpose_conv": Rates(7.5, 70.6, 59.2, 463.4),
}
