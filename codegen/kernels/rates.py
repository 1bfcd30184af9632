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
    "add": Rates(0.0, 8.1, 24.3, 25.8),
    "add_broadcast": Rates(0.0, 12.8, 21.0, 12.0),
    "add_constant": Rates(0.0, 11.2, 22.3, 15.7),
    "add_plane": Rates(0.0, 1.6, 4.9, 5.2),
    "arg_max": Rates(0.0, 11.1, 0.0, 0.0),
    "batch_matmul": Rates(11.2, 0.0, 0.0, 672.6),
    "batch_matmul_constant": Rates(11.9, 0.0, 0.0, 591.0),
    "conv_2d": Rates(10.1, 0.0, 0.0, 1241.8),
    "conv_2d_border": Rates(6.2, 44.4, 0.0, 0.0),
    "conv_2d_fours": Rates(2.4, 36.6, 0.0, 0.0),
    "conv_2d_fours_offset": Rates(2.4, 36.6, 0.0, 0.0),
    "conv_2d_groups": Rates(16.1, 0.0, 0.0, 985.6),
    "conv_2d_offset": Rates(10.1, 0.0, 0.0, 1241.8),
    "conv_2d_rows": Rates(13.9, 25.6, 74.2, 0.0),
    "conv_2d_rows_offset": Rates(13.9, 25.6, 74.2, 0.0),
    "depthwise_conv_2d": Rates(18.1, 0.0, 116.4, 0.0),
    "depthwise_conv_2d_offset": Rates(18.1, 0.0, 116.4, 0.0),
    "div": Rates(0.0, 69.0, 206.9, 7.2),
    "div_constant": Rates(0.0, 107.5, 214.9, 0.0),
    "extreme_axes": Rates(0.0, 7.9, 0.0, 0.0),
    "extreme_rows": Rates(0.0, 9.1, 164.8, 4.3),
    "fully_connected": Rates(4.0, 39.9, 31.2, 0.2),
    "fully_connected_fours": Rates(2.2, 21.7, 68.3, 0.3),
    "fully_connected_rows": Rates(6.4, 63.8, 29.9, 0.3),
    "fully_connected_vectors": Rates(5.7, 26.8, 15.4, 184.3),
    "log_softmax": Rates(0.0, 43.5, 87.0, 703.5),
    "lstm_cells": Rates(0.0, 0.0, 0.0, 0.0),
    "lstm_hidden": Rates(0.0, 0.0, 0.0, 0.0),
    "lstm_steps": Rates(11.8, 0.0, 352.6, 0.0),
    "maximum": Rates(0.0, 1.1, 8.6, 9.3),
    "maximum_constant": Rates(0.0, 1.8, 7.4, 8.2),
    "maximum_constant_dsp": Rates(0.0, 0.6, 1.3, 0.0),
    "maximum_dsp": Rates(0.0, 0.4, 1.2, 4.3),
    "mean": Rates(0.0, 7.0, 85.5, 5.1),
    "minimum": Rates(0.0, 1.1, 8.6, 9.4),
    "minimum_constant": Rates(0.0, 1.7, 7.4, 7.4),
    "minimum_constant_dsp": Rates(0.0, 0.6, 1.3, 0.0),
    "minimum_dsp": Rates(0.0, 0.4, 1.2, 4.3),
    "mul": Rates(0.0, 0.0, 30.2, 10.8),
    "mul_constant": Rates(0.0, 7.7, 15.4, 7.3),
    "pad": Rates(0.0, 0.0, 0.5, 2.8),
    "pointwise_conv_2d_fours": Rates(2.4, 0.5, 24.4, 36.2),
    "pointwise_conv_2d_fours_offset": Rates(2.4, 0.5, 24.4, 36.2),
    "pointwise_conv_2d_rows": Rates(13.9, 1.8, 70.8, 36.6),
    "pointwise_conv_2d_rows_offset": Rates(13.9, 1.8, 70.8, 36.6),
    "prelu": Rates(0.0, 6.4, 12.7, 29.9),
    "quantize": Rates(0.0, 4.3, 8.7, 0.1),
    "relu": Rates(0.0, 4.2, 8.4, 0.8),
    "resize_bilinear": Rates(0.0, 12.3, 15.4, 17.4),
    "resize_bilinear_whole": Rates(0.0, 12.3, 15.4, 17.4),
    "select_v2": Rates(0.0, 1.6, 6.3, 7.6),
    "softmax": Rates(0.0, 180.0, 0.0, 700.0),
    "softmax_int16": Rates(0.0, 180.0, 0.0, 700.0),
    "squared_difference": Rates(0.0, 8.9, 26.6, 4.9),
    "squared_difference_constant": Rates(0.0, 13.1, 26.2, 8.6),
    "sub": Rates(0.0, 7.2, 26.7, 10.7),
    "sub_constant": Rates(0.0, 11.5, 23.1, 8.0),
    "sub_plane": Rates(0.0, 1.6, 4.9, 5.2),
    "sum_axes": Rates(0.0, 7.0, 9.8, 9.8),
    "sum_rows": Rates(0.0, 6.9, 179.2, 5.0),
    "svdf": Rates(4.9, 3.1, 29.7, 18.9),
    "svdf_int16": Rates(7.8, 5.3, 7.5, 1257.0),
    "svdf_state": Rates(9.6, 0.0, 6.2, 576.7),
    "table": Rates(0.0, 1.2, 2.4, 0.0),
    "transpose_conv": Rates(7.5, 70.6, 59.2, 463.4),
}
