"""A layer that is alone in its network: compilers know all numbers of its functions, and warn of what they could do."""

from pathlib import Path

import pytest

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.weight_storage import NEVER
from depthwise.codegen.operators import Activation
from depthwise.codegen.schedule import choose
from depthwise.codegen.targets.cores import CORES
from tests.support.compiled import write_network
from tests.support.compilers import FRAMES, Configuration, command_of, problem_with
from tests.support.network_builder import Builder
from tests.support.offset_networks import with_offset_weights
from tests.support.steep_networks import with_steep_channels

SCALES = (170.0, 6.0)


def alone(channels: int, kind: str) -> Graph:
    """A layer of so many outputs whose zero point is inside of its clamp."""
    build = Builder(channels)
    x = build.input(1, 4, 6, channels if kind == "depthwise" else 3)
    if kind == "depthwise":
        x = build.depthwise(x, (3, 3), activation=Activation.NONE)
    elif kind == "conv":
        x = build.conv(x, channels, (3, 3), activation=Activation.NONE)
    else:
        x = build.dense(x, channels)
    return build.finish(f"{kind}_{channels}", x)


@pytest.mark.parametrize("kind", ["conv", "depthwise", "dense"])
@pytest.mark.parametrize("core", ["host", "cortex-m0plus", "cortex-m3", "cortex-m4", "cortex-m55", "rv32imc"])
def test_compilers_do_not_warn_of_a_layer_alone(core: str, kind: str, tmp_path: Path) -> None:
    """One, three, five outputs: with and without a channel of numbers of its own, or weights with a zero point."""
    target = CORES[core]
    command = command_of("gcc", target)
    if isinstance(command, str):
        pytest.skip(command)
    for channels in (1, 3, 5):
        usual = alone(channels, kind)
        steep = [with_steep_channels(usual, (scale,)) for scale in SCALES]
        for number, graph in enumerate((usual, *steep, *map(with_offset_weights, (usual, steep[0])))):
            plan = choose(graph, "whole", variant(graph, target, NEVER))
            name = f"{graph.name}_{number}"
            write_network(plan, tmp_path, name, core=target, int16_from=NEVER)
            assert problem_with(command, Configuration("-O2", FRAMES[0]), tmp_path / f"{name}.c") == ""
