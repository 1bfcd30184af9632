"""The integers of each operator, against values worked out by hand and by exact fractions."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from depthwise.codegen.graph import Graph, Quantization
from depthwise.codegen.operators import Activation, Add, Softmax
from depthwise.codegen.operators.parameters import (
    LEFT_SHIFT,
    add_parameters,
    conv_parameters,
    mean_parameters,
    pool_parameters,
    requantize_parameters,
    softmax_parameters,
)
from tests.support import networks
from tests.support.network_builder import Builder


def quantized(graph: Graph, **scales: tuple[float, int]) -> Graph:
    """The graph with other per-tensor quantizations, by t0, t1, …"""
    tensors = list(graph.tensors)
    for name, (scale, zero_point) in scales.items():
        index = int(name[1:])
        tensors[index] = replace(tensors[index], quantization=Quantization((scale,), (zero_point,)))
    return replace(graph, tensors=tuple(tensors))


def factor(multiplier: int, shift: int) -> Fraction:
    return Fraction(multiplier) * Fraction(2) ** (shift - 31)


@pytest.mark.parametrize("name", ["conv", "depthwise_multiplier_3", "dense_per_channel"])
def test_every_output_channel_has_the_factor_its_scales_ask_for(name: str) -> None:
    graph = networks.NAMED_NETWORKS[name]()
    (node,) = graph.nodes
    image, weights = (graph.inputs_of(node)[i].quantization for i in (0, 1))
    output = graph.output_of(node).quantization
    assert image is not None
    assert weights is not None
    assert output is not None
    p = conv_parameters(graph, node)
    assert len(p.multipliers) == len(p.shifts) == graph.output_of(node).shape[-1]
    for channel, scale in enumerate(weights.scales):
        exact = Fraction(image.scale) * Fraction(scale) / Fraction(output.scale)
        found = factor(p.multipliers[channel], p.shifts[channel])
        assert abs(found / exact - 1) < Fraction(1, 2**30), f"channel {channel}"


@pytest.mark.parametrize("name", ["conv_per_tensor", "depthwise_per_tensor", "dense"])
def test_one_scale_for_all_weights_is_repeated_for_every_channel(name: str) -> None:
    graph = networks.NAMED_NETWORKS[name]()
    p = conv_parameters(graph, graph.nodes[0])
    channels = graph.output_of(graph.nodes[0]).shape[-1]
    assert p.multipliers == p.multipliers[:1] * channels
    assert p.shifts == p.shifts[:1] * channels


@pytest.mark.parametrize(
    ("activation", "scale", "zero_point", "clamp"),
    [
        (Activation.NONE, 0.1, 5, (-128, 127)),
        (Activation.RELU, 0.1, 5, (5, 127)),
        (Activation.RELU, 0.1, -128, (-128, 127)),
        (Activation.RELU6, 0.1, -10, (-10, 50)),
        (Activation.RELU6, 0.01, -128, (-128, 127)),
        (Activation.RELU6, 6 / 255, -128, (-128, 127)),
        (Activation.RELU6, 4.0, 0, (0, 2)),
        (Activation.RELU_N1_TO_1, 0.1, 3, (-7, 13)),
        (Activation.RELU_N1_TO_1, 0.4, 0, (-3, 3)),
        (Activation.RELU_N1_TO_1, 0.001, 0, (-128, 127)),
    ],
)
def test_a_fused_activation_is_a_clamp_rounded_half_away_from_zero(
    activation: Activation, scale: float, zero_point: int, clamp: tuple[int, int]
) -> None:
    build = Builder(0)
    build.conv(build.input(1, 4, 4, 2), 3, activation=activation)
    made = build.finish("conv")
    graph = quantized(made, **{f"t{made.outputs[0]}": (float(np.float32(scale)), zero_point)})
    p = conv_parameters(graph, graph.nodes[0])
    assert (p.minimum, p.maximum) == clamp


def test_a_pool_clamps_as_its_activation_says() -> None:
    graph = networks.NAMED_NETWORKS["max_pool_relu6"]()
    index = graph.outputs[0]
    p = pool_parameters(quantized(graph, **{f"t{index}": (0.125, -20)}), graph.nodes[0])
    assert (p.minimum, p.maximum) == (-20, 28)


def test_the_larger_input_of_an_addition_is_halved_and_the_smaller_scaled_to_it() -> None:
    graph = quantized(networks.add_network(), t0=(0.5, 3), t1=(0.25, -4), t2=(2.0, 7))
    p = add_parameters(graph, graph.nodes[0])
    assert isinstance(graph.nodes[0].op, Add)
    assert (p.input1_zero_point, p.input2_zero_point, p.output_zero_point) == (3, -4, 7)
    assert factor(p.input1_multiplier, p.input1_shift) == Fraction(1, 2)
    assert factor(p.input2_multiplier, p.input2_shift) == Fraction(1, 4)
    assert factor(p.output_multiplier, p.output_shift) == Fraction(1, 2 * 2**LEFT_SHIFT)


@pytest.mark.parametrize(("size", "lift"), [((1, 1), 0), ((2, 2), 2), ((3, 3), 3), ((7, 7), 5), ((6, 5), 4)])
def test_a_mean_folds_the_count_into_its_multiplier_truncating(size: tuple[int, int], lift: int) -> None:
    build = Builder(0)
    build.mean(build.input(1, *size, 3))
    made = build.finish("mean")
    graph = quantized(made, t0=(0.75, 1), **{f"t{made.outputs[0]}": (1.0, 2)})
    p = mean_parameters(graph, graph.nodes[0])
    plain = 3 * 2**29  # 0.75 in Q31, shift 0
    assert (p.input_zero_point, p.output_zero_point) == (1, 2)
    assert (p.multiplier, p.shift) == (plain * 2**lift // (size[0] * size[1]), -lift)


def test_equal_scales_are_requantized_by_exactly_one() -> None:
    graph = quantized(networks.requantize_network(), t0=(0.1, 10), t1=(0.1, -10))
    p = requantize_parameters(graph, graph.nodes[0])
    assert (p.input_zero_point, p.output_zero_point, p.multiplier, p.shift) == (10, -10, 2**30, 1)


@pytest.mark.parametrize(
    ("beta", "scale", "expected"),
    [
        (1.0, 1.0, (2**30, 27, -15)),
        (1.0, 0.0625, (2**30, 23, -248)),
        (2.0, 0.5, (2**30, 27, -15)),
        (1.0, 64.0, (2**31 - 1, 31, 0)),
    ],
)
def test_softmax_scales_differences_to_five_integer_bits_and_drops_those_beyond(
    beta: float, scale: float, expected: tuple[int, int, int]
) -> None:
    graph = quantized(networks.softmax_network(), t0=(scale, 0))
    (node,) = graph.nodes
    p = softmax_parameters(graph, replace(node, op=Softmax(beta)))
    assert (p.multiplier, p.shift, p.diff_min) == expected
