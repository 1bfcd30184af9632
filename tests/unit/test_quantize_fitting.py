"""What the quantizer can do beyond calibration: exact pixels, adaptive rounding, measured ranges, costs of layers."""

import itertools
from functools import cache, partial
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from depthwise.codegen.floats import run as run_float
from depthwise.codegen.floats.float_model import before_activation, steps
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import DType, Graph, Node, Tensor
from depthwise.codegen.operators import Logistic, has_weights
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.operators.parts.computing import floats
from depthwise.codegen.quantize.adaptive_rounding import rounded
from depthwise.codegen.quantize.closeness import least_sqnr, real_values
from depthwise.codegen.quantize.input_levels import quantized_input, quantized_inputs
from depthwise.codegen.quantize.layer_costs import layer_costs
from depthwise.codegen.quantize.loss_report import report
from depthwise.codegen.quantize.observers import ValueRange
from depthwise.codegen.quantize.quantize import Quantized, QuantizeOptions
from depthwise.codegen.quantize.quantized import quantization_for, with_ends
from depthwise.codegen.quantize.simulated import simulation, with_rounded_weights
from tests.support.float_networks import Layers, images, mobilenet
from tests.support.quantizing import NETWORKS, in_batches, made

PIXELS: Final = np.arange(256).astype(np.uint8)
ADAPTIVE: Final = QuantizeOptions(adapt_rounding=True)


@cache
def adapted(name: str) -> tuple[Quantized, Quantized]:
    """A network with weights rounded to the nearest, and adaptively."""
    return made(NETWORKS[name](), count=16), made(NETWORKS[name](), ADAPTIVE, 16)


def pixels_in(low: float, high: float) -> np.ndarray:
    """All pixels as what they are to a network."""
    return (PIXELS.astype(np.float32) * np.float32((high - low) / 255) + np.float32(low)).astype(np.float32)


@given(st.floats(0, 300, width=32), st.floats(0, 300, width=32).filter(lambda high: high > 0.01), st.booleans())
def test_pixels_within_a_range_are_their_bytes_exactly(below: float, high: float, unsigned: bool) -> None:
    span, least, dtype = (-below, high), 0 if unsigned else -128, DType.UINT8 if unsigned else DType.INT8
    q = quantization_for(ValueRange(*span))
    shown = type(q)(q.scales, (q.zero_point + 128 + least,))
    graph = Graph("pixels", (Tensor(0, "x", (1, 256), dtype, shown),), (), inputs=(0,), outputs=(0,))
    reals = pixels_in(*span)
    levels = quantized_input(graph, reals[None], span)[0]
    np.testing.assert_array_equal(levels, PIXELS.astype(int) + least)
    assert np.abs(real_values(graph.tensors[0], levels) - reals).max() <= 0.502 * q.scale


@pytest.mark.parametrize("span", [(-1.0, 1.0), (-0.1, 0.9)])
def test_what_is_measured_is_what_a_board_computes_of_the_pixels(span: tuple[float, float]) -> None:
    shown = np.random.default_rng(3).integers(0, 256, (16, *images(mobilenet(), 1, 1).shape[1:]))
    reals = pixels_in(*span)[shown]
    found = made(mobilenet(), QuantizeOptions(input_range=span), 16)
    (levels,) = quantized_inputs(found.built, {found.reference.inputs[0]: reals}).values()
    np.testing.assert_array_equal(levels, shown - 128)
    outer = with_ends(found.graph, DType.UINT8)
    given_bytes = run(outer, shown.astype(np.uint8))[outer.outputs[0]]
    computed = run(found.graph, levels)[found.graph.outputs[0]]
    np.testing.assert_array_equal(given_bytes.astype(int) - 128, computed)


@given(st.integers(0, 10_000))
def test_adaptive_rounding_loses_no_more_than_the_nearest_and_no_less_than_the_best(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = Layers(1)
    net.dense(net.build.input("x", 1, 6), 1)
    quantized = made(net.build.finish("dense"), count=4)
    (node,) = (n for n in quantized.graph.nodes if has_weights(n.op))
    weights = quantized.graph.inputs_of(node)[1]
    real = rng.uniform(-120, 120, (1, 6)) * np.array(quantization_of(weights).scales)[:, None]
    read = rng.normal(0, 20, (40, 6)) @ rng.normal(0, 1, (6, 6))
    wanted = real[0] / quantization_of(weights).scale

    def loss(levels: np.ndarray) -> float:
        return float((read @ (levels - wanted)).var())

    found = rounded(quantized.graph, node, real, read)[0].astype(float)
    best = min(loss(np.floor(wanted) + up) for up in itertools.product((0.0, 1.0), repeat=6))
    assert np.abs(found - wanted).max() < 1
    assert best <= loss(found) + 1e-9
    assert loss(found) <= loss(np.rint(wanted)) + 1e-9


@pytest.mark.parametrize("name", NETWORKS)
def test_adaptive_rounding_takes_neighbours_and_brings_the_sums_of_layers_closer(name: str) -> None:
    nearest, found = adapted(name)
    x = images(nearest.reference, 16, 1)
    lost = np.zeros(2)
    for node, *twins in zip(nearest.reference.nodes, nearest.graph.nodes, found.graph.nodes, strict=True):
        if has_weights(node.op):
            apart = [floats(q.graph.inputs_of(n)[1].data) for q, n in zip((nearest, found), twins, strict=True)]
            assert np.abs(apart[0] - apart[1]).max() <= 1
    for at, quantized in enumerate((nearest, found)):
        lost[at] = noise_of_weights(quantized, x)
    assert lost[1] < lost[0]


def noise_of_weights(quantized: Quantized, x: np.ndarray) -> float:
    """Sum over layers of the noise that rounded weights alone bring into a layer's sums, less its mean."""
    reference, total = quantized.reference, 0.0
    given_values = {reference.inputs[0]: x} | run_float(reference, x)
    coarse = with_rounded_weights(reference, quantized.built)
    for node in (n for n in reference.nodes if has_weights(n.op)):
        read = given_values[node.inputs[0]].astype(np.float64)
        real, other = (before_activation(graph, node, read) for graph in (reference, coarse))
        noise = (real - other).reshape(-1, real.shape[-1])
        total += float(noise.var(axis=0).sum() / max(real.var(), 1e-9))
    return total


def test_the_same_inputs_give_the_same_file_with_every_technique() -> None:
    options = QuantizeOptions("measured", adapt_rounding=True)
    assert write_model(made(mobilenet(), options, 8).graph) == write_model(made(mobilenet(), options, 8).graph)


@pytest.mark.parametrize("name", ["mobilenet", "unfolded"])
def test_measured_ranges_lose_no_more_than_those_of_least_error(name: str) -> None:
    graph = NETWORKS[name]()
    found = [made(graph, QuantizeOptions(how, correct_bias=False)) for how in ("mse", "measured")]
    reference = found[0].reference
    inputs = {reference.inputs[0]: images(graph, 24, 1)}
    tried = [simulation(reference, q.built) for q in found]
    wanted = {i: v for i, v in steps(reference, inputs) if i in tried[0].ends}
    least, measured = (least_sqnr(wanted, t.rest(t.start(inputs), 0, lambda _: True)) for t in tried)
    assert measured >= least


def test_costs_of_layers_are_those_of_leaving_each_out() -> None:
    quantized = made(mobilenet(), count=8)
    reference = quantized.reference
    inputs = {reference.inputs[0]: images(reference, 4, 2)}
    found = layer_costs(reference, quantized.built, inputs)
    tried = simulation(reference, quantized.built)
    wanted = {i: v for i, v in steps(reference, inputs) if i in tried.ends}

    def is_chosen(chosen: Node, node: Node) -> bool:
        return node is chosen

    def is_another(chosen: Node, node: Node) -> bool:
        return node is not chosen

    for node in reference.nodes:
        alone = tried.rest(inputs, 0, partial(is_chosen, node))
        others = tried.rest(tried.start(inputs), 0, partial(is_another, node))
        assert found.alone_int8_db[node.output] == least_sqnr(wanted, alone)
        assert found.alone_float_db[node.output] == least_sqnr(wanted, others)
    exact = report(quantized, in_batches(inputs[reference.inputs[0]])).logits_sqnr_db
    assert found.all_int8_db == pytest.approx(exact, abs=2)


def test_answers_of_a_single_logistic_score_agree_where_they_lie_on_one_side() -> None:
    net = Layers(2)
    x = net.build.input("x", 1, 8)
    net.build.unary("score", net.dense(net.dense(x, 16), 1), Logistic())
    graph = net.build.finish("yes or no")
    given_values = images(graph, 200, 5)
    quantized = made(graph, count=32)
    found = report(quantized, in_batches(given_values))
    q = quantized.graph.tensors[quantized.graph.outputs[0]]
    levels = run(quantized.graph, quantized_input(quantized.graph, given_values))[q.index]
    real = run_float(graph, given_values)[graph.outputs[0]].astype(np.float64)
    assert quantization_of(q).scale == 1 / 256
    assert found.classes
    assert found.agreement == pytest.approx(float(((real > 0.5) == (real_values(q, levels) > 0.5)).mean()))
    assert found.agreement > 0.9
