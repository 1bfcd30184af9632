"""Real networks with state: every tensor of 24 inputs one after another, in tflite-micro, golden model and C."""

from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.golden import run
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.schedule import choose
from tests.support.exactness import problem_of
from tests.support.models import model_path
from tests.support.oracles import tflite_micro_sequence
from tests.support.programs import Case
from tests.support.projects import built
from tests.support.stateful import steps_of
from tests.support.verified import verified

MODELS = ("keyword_svdf_8bit", "micro_wake_word_vad")
STEPS = 24


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("name", MODELS)
def test_the_golden_model_is_tflite_micro_on_every_tensor_also_behind_a_reset(name: str, again: bool) -> None:
    content = model_path(name).read_bytes()
    graph = parse_model(content, name)
    steps = steps_of(graph.tensors[graph.inputs[0]], STEPS, seed=3)
    golden = run(graph, steps)
    for tensor, right in tflite_micro_sequence(content, graph, steps, again=again).items():
        assert (golden[tensor].reshape(right.shape) == right).all(), tensor


@pytest.mark.parametrize("rewrite", [False, True])
@pytest.mark.parametrize("schedule", ["rows", "whole", "auto"])
@pytest.mark.parametrize("name", MODELS)
def test_the_c_is_the_golden_model_by_every_schedule(name: str, schedule: str, rewrite: bool, tmp_path: Path) -> None:
    graph = optimize(parse_model(model_path(name).read_bytes(), name), PassOptions(rewrite=rewrite)).graph
    steps = steps_of(graph.tensors[graph.inputs[0]], STEPS, seed=4)
    case = Case.of(name, choose(graph, schedule), {graph.inputs[0]: steps})
    assert problem_of([case], tmp_path) is None


@pytest.mark.parametrize("name", MODELS)
def test_a_real_model_is_equal_on_the_host_board(name: str) -> None:
    assert verified(built("host", model_path(name)), count=6).equal
