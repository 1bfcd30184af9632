"""Float networks that remember: quantized by sequences, with one scale for what is kept from run to run."""

from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.floats.float_model import run as run_float
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, DType, Graph, Node, State, Tensor
from depthwise.codegen.operators import Activation, Add
from depthwise.codegen.quantize import sequences
from depthwise.codegen.quantize.input_levels import quantized_inputs
from depthwise.codegen.quantize.loss_report import report
from depthwise.codegen.quantize.quantize import Quantized, QuantizeOptions, quantize
from depthwise.codegen.quantize.quantized import with_ends
from depthwise.codegen.quantize.sequences import fed, opened
from depthwise.codegen.zoo.catalogue import Scaling, architecture
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import he_weights
from tests.support.oracles import tflite_micro_sequence

STEPS = 40


def keyword_spotting() -> Graph:
    made = architecture("streaming_kws", Scaling(alpha=0.125, classes=4, image_channels=6))
    return build_graph(made, he_weights(made, 3))


def running_sum() -> Graph:
    """What is kept is added to, and leaves."""
    x, before, after = (Tensor(i, f"t{i}", (1, 3), DType.FLOAT32) for i in range(3))
    state = State(1, 2, np.zeros((1, 3), np.float32))
    node = Node(0, Add(Activation.NONE), (0, 1), 2)
    return Graph("sum", (x, before, after), (node,), inputs=(0,), outputs=(2,), states=(state,))


def sequence(graph: Graph, count: int = STEPS) -> Array:
    shape = graph.tensors[graph.inputs[0]].shape
    return np.random.default_rng(5).normal(0, 1, (count, *shape[1:])).astype(np.float32)


def in_int8(graph: Graph, x: Array, options: QuantizeOptions | None = None) -> Quantized:
    return quantize(graph, lambda: iter(np.split(x, 2)), options)


def test_what_is_kept_goes_on_from_batch_to_batch() -> None:
    graph = running_sum()
    x = sequence(graph)
    given = list(fed(graph, lambda: iter(np.split(x, 4)))())
    kept = np.concatenate([batch[1] for batch in given])
    sums = np.cumsum(x.astype(np.float64), axis=0)
    np.testing.assert_allclose(np.asarray(kept[1:], np.float64), sums[:-1], rtol=1e-5, atol=1e-5)
    assert not kept[0].any()


@pytest.mark.parametrize("make", [keyword_spotting, running_sum])
def test_a_network_that_remembers_has_tflite_micro_s_bytes_in_int8(make: object) -> None:
    graph = keyword_spotting() if make is keyword_spotting else running_sum()
    x = sequence(graph)
    made = in_int8(graph, x)
    assert len(made.graph.states) == len(graph.states)
    for state in made.graph.states:
        before, after = (made.graph.tensors[i] for i in (state.before, state.after))
        assert before.quantization == after.quantization
    data = write_model(made.graph)
    read = parse_model(data, "kept")
    levels = next(iter(quantized_inputs(made.built, {graph.inputs[0]: x}).values()))
    mine, right = run(read, levels), tflite_micro_sequence(data, read, levels)
    for tensor, values in right.items():
        assert np.array_equal(mine[tensor].reshape(STEPS, -1), values), read.tensors[tensor]


def test_its_scores_are_those_of_the_float_network() -> None:
    graph = keyword_spotting()
    x = sequence(graph)
    made = in_int8(graph, x)
    found = report(made, fed(graph, lambda: iter(np.split(x, 2))))
    assert found.logits_sqnr_db > 25
    (given,) = fed(graph, lambda: iter([x]))()
    real = np.asarray(run_float(opened(graph), given)[graph.outputs[0]], np.float64)
    levels = next(iter(quantized_inputs(made.built, {graph.inputs[0]: x}).values()))
    scores = run(made.graph, levels)[made.graph.outputs[0]]
    assert np.abs((scores.astype(np.float64) + 128) / 256 - real).max() < 0.1


def test_its_ends_may_be_of_another_type() -> None:
    made = in_int8(keyword_spotting(), sequence(keyword_spotting()), QuantizeOptions(input_range=(-4.0, 4.0)))
    ended = with_ends(made.graph, DType.FLOAT32)
    assert len(ended.states) == len(made.graph.states)
    assert parse_model(write_model(ended), "ends").states


def test_a_scale_that_grows_by_itself_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "ROUNDS", 0)
    graph = replace(running_sum(), name="sum")
    with pytest.raises(UnsupportedError, match=r"the scale of state 1 \('t1'\) follows from itself"):
        in_int8(graph, sequence(graph))
