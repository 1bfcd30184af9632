"""Networks of larger kernels for blocks of two pixels and three channels: blocks of three leave one pixel of a row."""

from importlib import import_module

import pytest

from depthwise.codegen.graph import Graph, Node
from depthwise.codegen.kernels.dsp import conv_2d_threes
from depthwise.codegen.kernels.flash import Flash
from depthwise.codegen.kernels.kernel import Kernel, Layer
from depthwise.codegen.operators import Activation
from tests.support.dsp_networks import at_minimum
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


def take_threes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every layer that can be computed so is, however small it is."""

    def time(kernel: Kernel, _layer: Layer, _cycles: object, _flash: Flash) -> float:
        return float(kernel.name != NAME)

    monkeypatch.setattr(conv_2d_threes, "LEAST_BLOCKS", 1)
    monkeypatch.setattr(import_module("depthwise.codegen.kernels.dsp.for_flash"), "kernel_time", time)


def threes_in(names: dict[int, str], graph: Graph) -> list[Node]:
    """Layers that are computed so, by the names of their kernels."""
    return [node for node in graph.nodes if names.get(node.output) == NAME]
