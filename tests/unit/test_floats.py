"""The float executor against LiteRT's float kernels, and rewrites that leave every output as it was."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.errors import InputError, ModelError, UnsupportedError
from depthwise.codegen.floats import run, simplify
from depthwise.codegen.formats.tflite.reader import parse_model, read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import DType, Graph
from depthwise.codegen.operators import (
    Activation,
    Add,
    AveragePool2D,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    MaxPool2D,
    Mul,
    Pad,
    Pads,
    Relu,
    Relu6,
)
from depthwise.codegen.operators.validate import is_float
from tests.support.float_networks import Layers, images, mobilenet, unfolded
from tests.support.floats_alike import assert_as_litert, assert_close, simplified
from tests.support.models import model_path
from tests.support.networks import NAMED_NETWORKS, image
from tests.support.places import FIXTURES

FLOAT_MODELS: Final = ("ic_resnet8_float", "kws_dscnn_float", "vww_96_float")


@pytest.mark.parametrize("name", FLOAT_MODELS)
def test_every_tensor_of_a_real_model_is_litert_s(name: str) -> None:
    graph = read_model(model_path(name))
    assert is_float(graph)
    for seed in range(2):
        assert_as_litert(graph, images(graph, 1, seed))


@pytest.mark.parametrize("make", [mobilenet, unfolded])
def test_normalizations_and_clamps_of_their_own_are_litert_s(make: Callable[[], Graph]) -> None:
    graph = make()
    assert_as_litert(graph, images(graph, 1))


def test_a_batch_is_computed_as_its_members_are() -> None:
    graph = unfolded()
    batch = images(graph, 3)
    together = run(graph, batch)
    for i in range(3):
        alone = run(graph, batch[i : i + 1])
        for tensor, value in alone.items():
            assert_close(together[tensor][i : i + 1], value, 1e-6)


@pytest.mark.parametrize("make", [mobilenet, unfolded])
def test_a_float_network_reads_back_as_it_was_written(make: Callable[[], Graph]) -> None:
    graph = make()
    again = parse_model(write_model(graph), graph.name)
    assert again.nodes == graph.nodes
    for one, other in zip(graph.tensors, again.tensors, strict=True):
        assert (one.name, one.shape, one.dtype) == (other.name, other.shape, other.dtype)
        np.testing.assert_array_equal(one.data, other.data)


def test_a_hybrid_model_becomes_a_float_one_and_says_so() -> None:
    graph = read_model(model_path("kws_dscnn_float"))
    (note,) = graph.notes
    assert "5 layers have 8-bit weights" in note
    assert {t.dtype for t in graph.tensors} == {DType.FLOAT32, DType.INT32}


def test_a_wrong_input_is_refused_with_both_shapes() -> None:
    with pytest.raises(InputError, match=r"\(1, 15, 16, 3\).*\(16, 16, 3\)"):
        run(mobilenet(), np.zeros((1, 15, 16, 3), np.float32))


def test_a_quantized_network_is_refused_by_the_float_executor() -> None:
    graph = NAMED_NETWORKS["float_ends"]()
    with pytest.raises(UnsupportedError, match=r"layer 0 \(QUANTIZE\)"):
        run(graph, image(graph))


def test_weights_that_are_no_numbers_are_refused() -> None:
    net = Layers(0)
    x = net.build.input("image", 1, 4, 4, 1)
    net.build.conv("diverged", x, np.full((1, 1, 1, 1), np.nan))
    with pytest.raises(ModelError, match=r"layer 0 \(CONV_2D\).*no numbers"):
        net.build.finish("diverged")


def kinds(graph: Graph) -> list[type]:
    return [type(n.op) for n in graph.nodes]


def test_a_keras_network_becomes_what_tensorflow_lite_converts_it_to() -> None:
    made = simplified(unfolded())
    assert not {Mul, Pad, Relu, Relu6} & set(kinds(made))
    assert len(made.nodes) == 9  # conv, depthwise, conv, add, depthwise (a normalization behind ADD), mean, …


@pytest.mark.parametrize("name", FLOAT_MODELS)
def test_a_real_model_has_nothing_left_to_rewrite(name: str) -> None:
    graph = read_model(model_path(name))
    assert len(simplify(graph).nodes) == len(graph.nodes)


def test_relu_and_relu6_in_a_row_are_one_clamp() -> None:
    net = Layers(1)
    x = net.conv(net.build.input("image", 1, 5, 5, 2), 4)
    net.build.unary("last", net.build.unary("first", x, Relu()), Relu6())
    made = simplified(net.build.finish("clamps"), 0)
    assert [n.op.activation for n in made.nodes if isinstance(n.op, Conv2D)] == [Activation.RELU6]
    assert len(made.nodes) == 1


def test_a_clamp_whose_input_is_read_elsewhere_stays() -> None:
    net = Layers(2)
    x = net.conv(net.build.input("image", 1, 5, 5, 2), 4)
    net.build.add("add", x, net.build.unary("relu", x, Relu()))
    assert kinds(simplified(net.build.finish("both"), 0)) == [Conv2D, Relu, Add]


@pytest.mark.parametrize(("side", "stays"), [(16, False), (15, True)])
def test_padding_is_taken_in_where_it_is_what_same_means(side: int, stays: bool) -> None:
    net = Layers(3)
    x = net.build.pad("pad", net.build.input("image", 1, side, side, 2), Pads(0, 1, 0, 1))
    net.depthwise(x, 2, same=False)
    made = simplified(net.build.finish("padded"), 0)
    assert (Pad in kinds(made)) == stays


@pytest.mark.parametrize("op", [AveragePool2D, MaxPool2D])
def test_padding_before_a_pool_stays(op: type[AveragePool2D] | type[MaxPool2D]) -> None:
    net = Layers(4)
    x = net.build.pad("pad", net.build.input("image", 1, 8, 8, 2), Pads(0, 1, 0, 1))
    net.build.pool("pool", x, op((3, 3), (2, 2), Pads(), Activation.NONE))
    assert kinds(simplified(net.build.finish("pooled"), 0)) == [Pad, op]


def test_a_normalization_goes_into_the_layer_behind_it() -> None:
    net = Layers(5)
    net.conv(net.normalize(net.build.input("image", 1, 6, 6, 3)), 4, same=False)
    assert kinds(simplified(net.build.finish("behind"))) == [Conv2D]


def test_a_normalization_before_a_padded_layer_becomes_a_layer() -> None:
    """Zeros of the padding come behind the normalization: folding would move them."""
    net = Layers(6)
    net.conv(net.normalize(net.build.input("image", 1, 6, 6, 3)), 4)
    assert kinds(simplified(net.build.finish("padded"))) == [DepthwiseConv2D, Conv2D]


def test_a_scale_without_offset_goes_through_padding() -> None:
    net = Layers(7)
    x = net.build.input("image", 1, 6, 6, 3)
    scaled = net.build.node(
        "scaled", Mul(Activation.NONE), (x, net.build.constant("k", np.array([3], np.float32))), (1, 6, 6, 3)
    )
    net.conv(scaled, 4)
    assert kinds(simplified(net.build.finish("scaled"))) == [Conv2D]


def test_a_normalization_of_a_vector_goes_into_a_matrix() -> None:
    net = Layers(8)
    x = net.build.mean("mean", net.build.input("image", 1, 6, 6, 3))
    net.normalize(net.dense(net.normalize(x), 4))
    assert kinds(simplified(net.build.finish("vector")))[1:] == [FullyConnected]


def test_float16_weights_are_read_and_a_squeezed_add_is_one_of_equal_shapes() -> None:
    """Both as the converter of TensorFlow writes them; float16 keeps 11 bits of each weight."""
    graph = read_model(FIXTURES / "float16.tflite")
    with np.load(FIXTURES / "float16.npz") as stored:
        found = run(graph, stored["images"])[graph.outputs[0]]
        assert_close(found, stored["scores"], 2e-3)
    assert any("float16" in note for note in graph.notes)
    (add,) = [n for n in graph.nodes if isinstance(n.op, Add)]
    assert {t.shape for t in graph.inputs_of(add)} == {(1, 1, 1, 5)}


def test_adds_of_other_shapes_are_refused() -> None:
    build = Layers(9).build
    half = build.constant("half", np.zeros((1, 2, 2, 2), np.float32))
    build.node("wrong", Add(Activation.NONE), (build.input("image", 1, 2, 2, 4), half), (1, 2, 2, 4))
    with pytest.raises(UnsupportedError, match=r"joins shapes \(1, 2, 2, 4\) and \(1, 2, 2, 2\)"):
        build.finish("wrong")
