"""Each pass alone: every tensor that is still computed keeps each bit; and it does its work where it can."""

from collections import Counter
from dataclasses import replace

import numpy as np

from depthwise.codegen.graph import Graph, Quantization
from depthwise.codegen.operators import Activation, AveragePool2D, Pads, Relu6, activation_of
from depthwise.codegen.passes import (
    absorb_pad,
    as_convolutions,
    as_tables,
    drop_dead,
    drop_identities,
    fold_shuffles,
    fuse_clamps,
)
from tests.support.dead_networks import mobile_network
from tests.support.each_pass import assert_keeps_every_bit
from tests.support.network_builder import Builder
from tests.support.networks import NAMED_NETWORKS


def kinds(graph: Graph) -> list[str]:
    return [n.op.kind for n in graph.nodes]


def test_a_pad_before_a_convolution_is_absorbed() -> None:
    build = Builder(1)
    build.conv(build.pad(build.input(1, 6, 6, 3), Pads(0, 1, 0, 1)), 4, stride=(2, 2), same=False)
    assert kinds(absorb_pad(build.finish("pad"))) == ["CONV_2D"]


def test_a_pad_that_a_pool_reads_too_stays() -> None:
    build = Builder(1)
    padded = build.pad(build.input(1, 6, 6, 3), Pads(0, 1, 0, 1))
    one, other = build.conv(padded, 4), build.pool(padded, AveragePool2D)
    assert "PAD" in kinds(absorb_pad(build.finish("pad", one, other)))


def test_a_pad_that_leaves_the_network_stays() -> None:
    build = Builder(1)
    padded = build.pad(build.input(1, 6, 6, 3), Pads(0, 1, 0, 1))
    assert kinds(absorb_pad(build.finish("pad", build.conv(padded, 4), padded))) == ["PAD", "CONV_2D"]


def test_what_joins_a_tensor_and_a_number_becomes_a_table() -> None:
    for name in ("mul_number", "maximum_number"):
        graph = NAMED_NETWORKS[name]()
        assert kinds(as_tables(graph)) == ["CONV_2D", "TABLE", "CONV_2D"]
        assert_keeps_every_bit(graph, 1)
    assert "TABLE" not in kinds(as_tables(NAMED_NETWORKS["add_channels"]()))


def test_a_depthwise_convolution_of_one_channel_becomes_a_convolution() -> None:
    build = Builder(1)
    build.depthwise(build.depthwise(build.input(1, 8, 7, 1), multiplier=4), (3, 2))
    graph = build.finish("one_channel")
    assert kinds(as_convolutions(graph)) == ["CONV_2D", "DEPTHWISE_CONV_2D"]
    assert_keeps_every_bit(graph, 1)


def test_a_group_for_each_channel_becomes_a_depthwise_convolution() -> None:
    build = Builder(1)
    build.conv(build.conv(build.input(1, 8, 7, 4), 8, groups=4), 6, groups=2)
    graph = build.finish("groups")
    assert kinds(as_convolutions(graph)) == ["DEPTHWISE_CONV_2D", "CONV_2D"]
    assert_keeps_every_bit(graph, 1)


def test_a_matrix_for_each_pixel_becomes_a_convolution() -> None:
    build = Builder(1)
    x = build.dense_of_vectors(build.input(1, 5, 4, 6), 7)
    flat = build.dense_of_vectors(build.reshape(x, 1, 20, 7), 3, per_channel=True)
    build.reshape(flat, 1, 5, 4, 3)
    graph = build.finish("pixels")
    assert kinds(drop_dead(as_convolutions(graph))) == ["CONV_2D", "CONV_2D"]
    assert_keeps_every_bit(graph, 1)


def test_a_relu6_behind_a_convolution_becomes_its_activation() -> None:
    build = Builder(1)
    build.relu(build.conv(build.input(1, 6, 6, 3), 4, activation=Activation.NONE), Relu6)
    (node,) = fuse_clamps(build.finish("relu6")).nodes
    assert activation_of(node.op) is Activation.RELU6


def test_a_relu_that_rescales_stays() -> None:
    build = Builder(1)
    build.relu(build.conv(build.input(1, 6, 6, 3), 4, activation=Activation.NONE), rescale=True)
    assert kinds(fuse_clamps(build.finish("relu"))) == ["CONV_2D", "RELU"]


def test_a_relu_whose_input_is_read_elsewhere_stays() -> None:
    build = Builder(1)
    x = build.conv(build.input(1, 6, 6, 3), 4, activation=Activation.NONE)
    build.add(x, build.relu(x))
    assert "RELU" in kinds(fuse_clamps(build.finish("relu")))


def test_a_quantize_pair_that_comes_back_exactly_goes() -> None:
    build = Builder(1)
    x = build.conv(build.input(1, 6, 6, 3), 4)
    own = build.quantization(x)
    finer = Quantization((float(np.float32(own.scale)),), own.zero_points)
    build.conv(build.requantize_to(build.requantize_to(x, finer), own), 2)
    assert kinds(drop_identities(build.finish("pair"))) == ["CONV_2D", "CONV_2D"]


def test_a_quantize_pair_that_loses_values_stays() -> None:
    build = Builder(1)
    x = build.conv(build.input(1, 6, 6, 3), 4)
    own = build.quantization(x)
    coarser = Quantization((float(np.float32(own.scale * 1.01)),), own.zero_points)
    build.conv(build.requantize_to(build.requantize_to(x, coarser), own), 2)
    graph = build.finish("pair")
    assert kinds(drop_identities(graph)) == kinds(graph)


def test_a_quantization_that_differs_by_one_ulp_is_no_identity() -> None:
    build = Builder(1)
    x = build.conv(build.input(1, 6, 6, 3), 4)
    own = build.quantization(x)
    next_scale = float(np.nextafter(np.float32(own.scale), np.float32(1)))
    build.conv(build.requantize_to(x, replace(own, scales=(next_scale,))), 2)
    assert "QUANTIZE" in kinds(drop_identities(build.finish("ulp")))


def test_a_shuffle_behind_a_convolution_is_folded_into_its_weights() -> None:
    build = Builder(1)
    build.depthwise(build.shuffle(build.conv(build.input(1, 6, 6, 3), 8), 4))
    assert kinds(fold_shuffles(build.finish("shuffle"))) == ["CONV_2D", "DEPTHWISE_CONV_2D"]


def test_a_shuffle_between_an_addition_and_a_convolution_is_folded_into_the_reader() -> None:
    build = Builder(1)
    x = build.conv(build.input(1, 6, 6, 3), 8)
    build.conv(build.shuffle(build.add(x, build.conv(x, 8)), 2), 5)
    assert kinds(fold_shuffles(build.finish("shuffle"))) == ["CONV_2D", "CONV_2D", "ADD", "CONV_2D"]


def test_a_shuffle_between_additions_stays() -> None:
    build = Builder(1)
    x = build.conv(build.input(1, 6, 6, 3), 8)
    build.add(x, build.shuffle(x, 2))
    assert "TRANSPOSE" in kinds(fold_shuffles(build.finish("shuffle")))


def test_a_transpose_that_moves_pixels_is_no_shuffle() -> None:
    build = Builder(1)
    x = build.conv(build.input(1, 6, 6, 3), 6)
    build.conv(build.transpose(x, 0, 2, 1, 3), 4)
    assert "TRANSPOSE" in kinds(fold_shuffles(build.finish("transpose")))


def test_the_networks_for_the_passes_have_what_passes_are_for() -> None:
    found = Counter(kind for seed in range(200) for kind in kinds(mobile_network(seed)))
    assert min(found[kind] for kind in ("RELU", "RELU6", "TRANSPOSE", "PAD", "QUANTIZE", "ADD")) >= 10
