"""Networks of 1x1 layers of eight inputs, which stay in registers: strides, rows [C][W] and [W][C], odd widths."""

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.dsp import lines
from depthwise.codegen.operators import Activation
from tests.support.dsp_networks import at_minimum
from tests.support.network_builder import Builder


def kept_chain(width: int, channels: int) -> Graph:
    """Three such layers: to `channels` for a depthwise layer, to 7 less for a convolution, at a stride of two."""
    build = Builder(width + channels)
    x = build.conv(build.input(1, 5, width, 8), channels, (1, 1), activation=Activation.RELU)
    x = build.depthwise(x, (3, 3), activation=Activation.RELU)
    x = build.conv(x, 8, (1, 1), activation=Activation.RELU)
    x = build.conv(x, max(1, channels - 7), (1, 1), activation=Activation.RELU)
    x = build.conv(x, 8, (1, 1), activation=Activation.RELU)
    x = build.conv(x, channels + 1, (1, 1), stride=(1, 2), same=False, activation=Activation.RELU)
    return at_minimum(build.finish(f"kept_{width}_{channels}", x))


def without_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """No layer's sums are on lines."""
    monkeypatch.setattr(lines, "_solved", lambda _sums: None)
