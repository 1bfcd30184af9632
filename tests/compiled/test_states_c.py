"""Generated C of networks with state: sequences, resets and inputs that were left unfinished, under sanitizers."""

import ctypes
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from depthwise.codegen.passes import PassOptions
from tests.support.compiled import TRACE, Compiled, compile_network
from tests.support.networks import NAMED_NETWORKS
from tests.support.stateful import steps_of

NOBODY = TRACE(lambda *_: None)
NETWORKS = ("svdf", "svdf_int16", "lstm", "delayed")


def scores(compiled: Compiled, image: Array) -> bytes:
    out = np.zeros(compiled.graph.tensors[compiled.graph.outputs[0]].shape, np.int8)
    given = np.ascontiguousarray(image)
    compiled.library.net_run(given.ctypes.data_as(ctypes.c_void_p), out.ctypes.data_as(ctypes.c_void_p))
    return out.tobytes()


def compiled_with_steps(name: str, folder: Path, count: int) -> tuple[Compiled, Array, list[bytes]]:
    """A network, a sequence of inputs, and the scores that it has to give."""
    graph = NAMED_NETWORKS[name]()
    compiled = compile_network(graph, folder, passes=PassOptions())
    steps = steps_of(graph.tensors[graph.inputs[0]], count, seed=7)
    golden = run(graph, steps)[graph.outputs[0]]
    compiled.library.set_hook(NOBODY)
    return compiled, steps, [golden[n].tobytes() for n in range(count)]


@pytest.mark.parametrize("name", NETWORKS)
def test_a_sequence_is_what_the_golden_model_says_again_behind_each_reset(name: str, tmp_path: Path) -> None:
    compiled, steps, wanted = compiled_with_steps(name, tmp_path, 12)
    for count in (12, 5, 12):
        compiled.library.net_reset()
        assert [scores(compiled, step) for step in steps[:count]] == wanted[:count]


@pytest.mark.parametrize("name", NETWORKS)
def test_beginning_twice_changes_no_state(name: str, tmp_path: Path) -> None:
    compiled, steps, wanted = compiled_with_steps(name, tmp_path, 6)
    compiled.library.net_reset()
    for step, right in zip(steps, wanted, strict=True):
        compiled.library.net_begin()
        assert scores(compiled, step) == right


def test_an_input_that_is_left_unfinished_leaves_nothing_behind(tmp_path: Path) -> None:
    compiled, steps, wanted = compiled_with_steps("delayed", tmp_path, 6)
    other = np.ascontiguousarray(steps[5]).ctypes.data_as(ctypes.c_void_p)
    compiled.library.net_reset()
    for step, right in zip(steps, wanted, strict=True):
        compiled.library.net_begin()
        compiled.library.net_push_row(other)
        assert scores(compiled, step) == right
