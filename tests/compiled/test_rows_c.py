"""Generated C by rows, by whole tensors and by mixtures: the same bytes."""

import ctypes
import subprocess
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.emit.network_view import Source, network_view
from depthwise.codegen.emit.render import render_network
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Graph
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.schedule import choose
from tests.support.compiled import LIBRARY, STRICT, compile_network
from tests.support.dead_networks import dead_network
from tests.support.golden_c import assert_equal_to_golden
from tests.support.models import INT8_MODELS, read
from tests.support.networks import random_network
from tests.support.scattered_networks import scattered

CONTEXTS: Final = """
#include "one.h"
#include "two.h"
static struct one_state first, second;
void both(const int8_t *a, const int8_t *b, int8_t *scores_a, int8_t *scores_b, int8_t *scores_two);
void both(const int8_t *a, const int8_t *b, int8_t *scores_a, int8_t *scores_b, int8_t *scores_two)
{
    one_begin(&first);
    one_begin(&second);
    two_begin();
    for (int y = 0; y < ONE_INPUT_ROWS; y++) {
        const bool done = one_push_row(&first, a + y * ONE_INPUT_ROW_BYTES);
        const bool also = one_push_row(&second, b + y * ONE_INPUT_ROW_BYTES);
        two_push_row(a + y * TWO_INPUT_ROW_BYTES);
        if (done != (y == ONE_INPUT_ROWS - 1) || also != done) { return; }
    }
    one_push_row(&first, b); /* ignored */
    one_scores(&first, scores_a);
    one_scores(&second, scores_b);
    two_scores(scores_two);
}
"""


@pytest.mark.parametrize("schedule", ["rows", "whole"])
@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models_equal_the_golden_model_by_every_schedule(name: str, schedule: str, tmp_path: Path) -> None:
    compiled = compile_network(read(name), tmp_path, passes=PassOptions(), schedule=schedule)
    assert_equal_to_golden(compiled, random=2)


@pytest.mark.parametrize("schedule", ["rows", "whole"])
@pytest.mark.parametrize("seed", range(60, 90))
def test_generated_networks_equal_the_golden_model_by_every_schedule(seed: int, schedule: str, tmp_path: Path) -> None:
    graph = dead_network(seed) if seed % 2 else random_network(seed)
    assert_equal_to_golden(compile_network(graph, tmp_path, schedule=schedule), random=1)


@pytest.mark.parametrize("graph", [random_network(7), scattered(0), scattered(8), scattered(10), scattered(19)])
def test_states_of_callers_and_networks_in_one_program_do_not_meet(graph: Graph, tmp_path: Path) -> None:
    made = optimize(graph)
    for name, context in (("one", True), ("two", False)):
        view = network_view(choose(made.graph), Source("m", "0" * 64), name=name, trace=False, context=context)
        for file, text in render_network(view).items():
            (tmp_path / file).write_text(text)
    (tmp_path / "both.c").write_text(CONTEXTS)
    library = tmp_path / "both.so"
    sources = [str(tmp_path / f"{name}.c") for name in ("one", "two", "both")]
    command = ["gcc", "-shared", "-fPIC", *STRICT, f"-I{tmp_path}", *LIBRARY, *sources, "-o", str(library)]
    subprocess.run(command, check=True)
    rng = np.random.default_rng(3)
    shape = graph.tensors[graph.inputs[0]].shape
    images = [rng.integers(-128, 128, shape, np.int8) for _ in range(2)]
    expected = [run(graph, image)[graph.outputs[0]] for image in images]
    scores = [np.zeros_like(expected[0]) for _ in range(3)]
    ctypes.CDLL(str(library)).both(*(a.ctypes.data_as(ctypes.c_void_p) for a in (*images, *scores)))
    for got, wanted in zip(scores, (*expected, expected[0]), strict=True):
        assert (got == wanted).all()
