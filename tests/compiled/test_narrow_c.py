"""Generated C of narrowed networks against the golden model of the whole network."""

import ctypes
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.operators import Conv2D
from depthwise.codegen.passes import PassOptions, optimize
from tests.support.compiled import Compiled, compile_network
from tests.support.dead_networks import border_network, dead_network
from tests.support.models import INT8_MODELS, read
from tests.support.narrow import inputs


def assert_equal_to_the_whole_network(compiled: Compiled, seed: int) -> None:
    made = compiled.made
    for image in inputs(made.reference, seed, random=1):
        golden = run(made.reference, image[np.newaxis])
        scores, traced = compiled.run(image[np.newaxis])
        output = made.graph.outputs[0]
        assert scores.tobytes() == golden[output].tobytes()
        for tensor, data in traced.items():
            assert data == made.survivors[tensor].of(golden[tensor]).tobytes(), f"tensor {tensor} differs"


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_with_all_passes(name: str, tmp_path: Path) -> None:
    assert_equal_to_the_whole_network(compile_network(read(name), tmp_path, passes=PassOptions()), seed=1)


@pytest.mark.parametrize("seed", range(60))
def test_networks_with_dead_channels(seed: int, tmp_path: Path) -> None:
    assert_equal_to_the_whole_network(compile_network(dead_network(seed), tmp_path, passes=PassOptions()), seed)


@pytest.mark.parametrize("stride", [(1, 1), (2, 2), (1, 2)])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_border_constants_stand_for_channels_that_padding_cuts(
    stride: tuple[int, int], compiler: str, tmp_path: Path
) -> None:
    graph = border_network(stride)
    compiled = compile_network(graph, tmp_path, compiler, PassOptions())
    assert any(isinstance(n.op, Conv2D) and n.op.border is not None for n in optimize(graph).graph.nodes)
    assert_equal_to_the_whole_network(compiled, seed=2)


def test_a_broken_promise_about_the_input_is_reported_by_the_trace_build(tmp_path: Path) -> None:
    compiled = compile_network(dead_network(3), tmp_path, passes=PassOptions(input_range=(-100, 90)))
    shape = compiled.graph.tensors[compiled.graph.inputs[0]].shape
    position = ctypes.c_int.in_dll(compiled.library, "broken_position")
    value = ctypes.c_int.in_dll(compiled.library, "broken_value")
    image = np.full(shape, 90, np.int8)
    compiled.run(image)
    assert position.value == -1
    image.flat[5] = 91
    compiled.run(image)
    assert (position.value, value.value) == (5, 91)
