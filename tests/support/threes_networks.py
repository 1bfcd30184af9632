"""Networks of larger kernels for blocks of two pixels and three channels: blocks of three leave one pixel of a row."""

from importlib import import_module

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.dsp import conv_2d_threes, threes_rows
from depthwise.codegen.kernels.dsp.conv_2d_threes import Threes
from depthwise.codegen.kernels.flash import Flash
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import Activation
from depthwise.codegen.targets.cores import Core
from tests.support.dsp_networks import at_minimum
from tests.support.kept_networks import without_lines
from tests.support.network_builder import Builder

NAME = "conv_2d_threes_dsp"


def threes_chain(width: int, channels: int, activation: Activation = Activation.RELU, inputs: int = 4) -> Graph:
    """Rows [C][W] and [W][C], at strides of 1 and 2, with padding and without, of `channels` and one more or two."""
    build = Builder(width + channels)
    x = build.conv(build.input(1, 5, 2 * width, inputs), channels, (3, 3), stride=(1, 2), activation=activation)
    x = build.depthwise(x, (3, 3), activation=activation)
    x = build.conv(x, inputs, (1, 1), activation=activation)
    x = build.conv(x, channels + 1, (3, 3), activation=activation)
    x = build.conv(x, 4, (1, 1), activation=activation)
    x = build.conv(x, channels + 2, (2, 5), stride=(2, 1), activation=activation)
    graph = build.finish(f"threes_{width}_{channels}", x)
    return at_minimum(graph) if activation is Activation.RELU else graph


def take_threes(monkeypatch: pytest.MonkeyPatch, byte: int = 20, *, lines: bool = True) -> None:
    """Every layer that can be computed so is, however small it is.

    A byte of code is worth so many cycles (0: there are no loops); without `lines` no layer's sums are on one.
    """

    def time(kernel: Kernel, _layer: Layer, _cycles: object, _flash: Flash) -> float:
        return float(kernel.name != NAME)

    monkeypatch.setattr(conv_2d_threes, "LEAST_BLOCKS", 1)
    monkeypatch.setattr(threes_rows, "CYCLES_OF_BYTE", byte)
    monkeypatch.setattr(import_module("depthwise.codegen.kernels.dsp.for_flash"), "kernel_time", time)
    if not lines:
        without_lines(monkeypatch)


def threes_in(graph: Graph, core: Core) -> list[Threes]:
    """Shapes of layers that are computed so."""
    kernels = choose_kernels(graph, core.families).chosen.values()
    shapes = [chosen.kernel.shape(chosen.layer) for chosen in kernels if chosen.kernel.name == NAME]
    return [shape for shape in shapes if isinstance(shape, Threes)]
