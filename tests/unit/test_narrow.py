"""Passes that remove channels: every output bit stays, every claim about a channel is true."""

import numpy as np
import pytest

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D
from depthwise.codegen.operators.costs import macs, total_macs
from depthwise.codegen.passes import PassOptions, optimize
from tests.support.dead_networks import border_network, dead_network
from tests.support.models import INT8_MODELS, read
from tests.support.narrow import assert_same, inputs
from tests.support.work import calls_made


def test_half_of_the_headline_benchmark_is_never_computed() -> None:
    made = optimize(read("vww_96_int8"))
    convolutions = [n for n in made.graph.nodes if isinstance(n.op, Conv2D | DepthwiseConv2D)]
    assert total_macs(made.reference) == 7_489_664
    assert sum(macs(made.graph, n) for n in convolutions) == 3_727_269
    assert sum(made.graph.tensors[n.inputs[1]].elements for n in convolutions) == 29_022


@pytest.mark.parametrize("name", INT8_MODELS)
def test_all_passes_do_no_more_for_each_layer_than_a_few_thousand_calls(name: str) -> None:
    graph = read(name)
    assert calls_made(lambda: optimize(graph)) < 5_000 * len(graph.nodes)


def test_the_keras_leftovers_of_mobilenet_are_gone() -> None:
    made = optimize(read("mobilenet_v1_025_96_imagenet_int8"))
    kinds = {n.op.kind for n in made.graph.nodes}
    assert kinds == {"CONV_2D", "DEPTHWISE_CONV_2D", "MEAN", "RESHAPE", "SOFTMAX"}


def test_without_narrowing_every_channel_is_computed() -> None:
    made = optimize(read("vww_96_int8"), PassOptions(rewrite=False))
    assert made.simple == made.reference
    assert [t.shape for t in made.graph.tensors[: len(made.simple.tensors)]] == [t.shape for t in made.simple.tensors]
    assert [n.op for n in made.graph.nodes] == [n.op for n in made.simple.nodes]


@pytest.mark.parametrize("seed", range(0, 300, 10))
def test_a_promised_input_range_keeps_every_bit_of_inputs_that_keep_it(seed: int) -> None:
    graph = dead_network(seed)
    made = optimize(graph, PassOptions(input_range=(-20, 30)))
    assert_same(made, np.clip(inputs(graph, seed), -20, 30).astype(np.int8))


def test_argmax_without_a_softmax_is_one_clear_error() -> None:
    with pytest.raises(UnsupportedError, match=r"written by FULLY_CONNECTED, not SOFTMAX.*--output"):
        optimize(read("ad01_int8"), PassOptions(argmax=True))


@pytest.mark.parametrize(("constant", "left"), [(13, 3), (5, 11), (4, 16)])
def test_border_constants_replace_channels_only_where_they_are_cheaper(constant: int, left: int) -> None:
    """3 x 3 x 4 biases and the classes of 9 rows and 8 columns cost 162 bytes more; a channel has 36 weights."""
    graph = border_network(constant=constant)
    made = optimize(graph)
    assert len(made.survivors[graph.nodes[0].output].kept) == left
    assert_same(made, inputs(graph, 1))
