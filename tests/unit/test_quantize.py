"""The quantizer: files of the int8 specification, close to the float network."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depthwise.codegen.errors import InputError, UnsupportedError
from depthwise.codegen.floats import run as run_float
from depthwise.codegen.floats import simplify
from depthwise.codegen.floats.builder import FloatBuilder
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import DType, Graph, Quantization
from depthwise.codegen.operators import (
    Activation,
    AveragePool2D,
    Concatenation,
    Conv2D,
    DepthwiseConv2D,
    FullyConnected,
    Mean,
    Minimum,
    Pads,
    Relu6,
    Softmax,
)
from depthwise.codegen.operators.parameters import quantization_of
from depthwise.codegen.passes import lower
from depthwise.codegen.quantize.calibrate import Batches, calibrate
from depthwise.codegen.quantize.closeness import logits_of, real_values
from depthwise.codegen.quantize.equalize import equalized, links
from depthwise.codegen.quantize.input_levels import quantized_input
from depthwise.codegen.quantize.loss_report import report
from depthwise.codegen.quantize.observers import (
    CALIBRATIONS,
    EMPTY,
    ValueRange,
    least_error,
    minmax,
    observed,
    percentile,
)
from depthwise.codegen.quantize.quantize import QuantizeOptions, quantize
from depthwise.codegen.quantize.quantized import quantization_for, with_ends
from depthwise.codegen.quantize.weight_scales import quantized
from tests.support.arrays import assert_close
from tests.support.collapse import unbalanced
from tests.support.float_networks import Layers, images, mobilenet
from tests.support.oracles import differing, tflite_micro
from tests.support.quantizing import NETWORKS, in_batches, made


@pytest.mark.parametrize("name", NETWORKS)
def test_answers_stay_close_to_the_float_network_s(name: str) -> None:
    graph = NETWORKS[name]()
    found = report(made(graph, count=64), in_batches(images(graph, 200, 6)))
    assert found.logits_sqnr_db > 25
    assert found.agreement > 0.9
    assert not found.collapsed


@pytest.mark.parametrize("name", NETWORKS)
def test_the_int8_specification_is_kept(name: str) -> None:
    graph = made(NETWORKS[name]()).graph
    for node in graph.nodes:
        assert graph.output_of(node).dtype is DType.INT8
        if isinstance(node.op, Conv2D | DepthwiseConv2D | FullyConnected):
            image, weights, bias = graph.inputs_of(node)
            assert weights.data is not None
            q, b = quantization_of(weights), quantization_of(bias)
            assert int(weights.data.astype(int).min()) >= -127
            assert len(q.scales) == graph.output_of(node).shape[-1]
            assert not any((*q.zero_points, *b.zero_points))
            assert_close(b.scales, np.array(q.scales) * quantization_of(image).scale, rtol=1e-6)
        if isinstance(node.op, Softmax):
            assert quantization_of(graph.output_of(node)) == Quantization((1 / 256,), (-128,))


def test_a_global_average_has_a_scale_of_its_own() -> None:
    net = Layers(3)
    x = net.conv(net.build.input("image", 1, 8, 8, 3), 8, activation=Activation.RELU)
    pooled = net.build.pool("pool", x, AveragePool2D((8, 8), (8, 8), Pads(), Activation.NONE))
    net.dense(net.build.reshape("flat", pooled, 1, 8), 4)
    graph = made(net.build.finish("pooled")).graph
    (mean,) = [n for n in graph.nodes if isinstance(n.op, Mean)]
    source, out = graph.inputs_of(mean)[0], graph.output_of(mean)
    assert quantization_of(out).scale < quantization_of(source).scale


@pytest.mark.parametrize("dtype", [DType.INT8, DType.UINT8, DType.FLOAT32])
def test_inputs_and_outputs_may_be_of_another_type(dtype: DType) -> None:
    plain = made(mobilenet()).graph
    graph = with_ends(plain, dtype)
    x = images(mobilenet(), 1, 7)
    given = x if dtype is DType.FLOAT32 else quantized_input(graph, x)
    data = write_model(graph)
    assert parse_model(data, "again").nodes == graph.nodes
    wanted = run(plain, quantized_input(plain, x))[plain.outputs[0]]
    found, micro = run(graph, given), tflite_micro(data, graph, given)
    assert found[graph.outputs[0]].dtype == np.dtype(dtype.value)
    np.testing.assert_array_equal(found[graph.outputs[0]], micro[graph.outputs[0]])
    inner = lower(graph)
    np.testing.assert_array_equal(run(inner, quantized_input(plain, x))[inner.outputs[0]], wanted)


def test_the_same_inputs_give_the_same_file() -> None:
    assert write_model(made(mobilenet()).graph) == write_model(made(mobilenet()).graph)


@pytest.mark.parametrize("how", CALIBRATIONS)
def test_every_calibration_gives_a_useful_network(how: str) -> None:
    graph = mobilenet()
    found = report(made(graph, QuantizeOptions(how), 64), in_batches(images(graph, 100, 6)))
    assert found.logits_sqnr_db > 20


def test_a_quantized_network_is_not_quantized_again() -> None:
    graph = made(mobilenet()).graph
    with pytest.raises(UnsupportedError, match="is int8 already"):
        quantize(graph, in_batches(images(mobilenet(), 2)))


def test_nothing_to_calibrate_with_is_an_error() -> None:
    with pytest.raises(InputError, match="no inputs to calibrate"):
        quantize(mobilenet(), lambda: iter(()))


def test_inputs_that_are_no_numbers_are_an_error() -> None:
    bad = images(mobilenet(), 2)
    bad[1, 0, 0, 0] = np.nan
    with pytest.raises(InputError, match="no number"):
        quantize(mobilenet(), in_batches(bad))


# Observers


def seen(values: np.ndarray, pieces: int = 1) -> tuple[ValueRange, ValueRange, ValueRange]:
    histogram = EMPTY
    for part in np.array_split(values.astype(np.float32), pieces):
        histogram = observed(histogram, part)
    return minmax(histogram), percentile(histogram), least_error(histogram)


def test_minmax_is_what_was_seen_and_zero() -> None:
    assert seen(np.array([0.5, 3.25]))[0] == ValueRange(0.0, 3.25)
    assert seen(np.array([-2.0, -1.0]))[0] == ValueRange(-2.0, 0.0)


def test_a_percentile_cuts_the_outliers_off() -> None:
    values = np.random.default_rng(0).normal(size=100_000)
    values[0] = 1000
    spans = seen(values)
    assert spans[0].high == 1000
    assert 3 < spans[1].high < 6
    assert -6 < spans[1].low < -3


def test_the_least_error_clips_when_that_pays() -> None:
    heavy = np.random.default_rng(1).laplace(size=100_000)

    def error(span: ValueRange) -> float:
        q = quantization_for(span)
        levels = np.clip(np.rint(heavy / q.scale) + q.zero_point, -128, 127)
        return float((((levels - q.zero_point) * q.scale - heavy) ** 2).mean())

    everything, cut, best = seen(heavy)
    assert best.high < 0.9 * everything.high
    assert error(best) < min(error(everything), error(cut))


@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.floats(-20, 20))
@settings(max_examples=60)
def test_the_order_and_size_of_batches_does_not_matter(seed: int, pieces: int, octave: float) -> None:
    values = np.random.default_rng(seed).normal(size=500) * 2.0**octave
    growing = np.sort(np.abs(values))
    assert seen(growing) == seen(growing[::-1], pieces)


@given(st.floats(-1e6, 0), st.floats(0, 1e6))
@settings(max_examples=300)
def test_zero_is_a_level_and_the_ends_are_reached(low: float, high: float) -> None:
    q = quantization_for(ValueRange(low, high))
    assert -128 <= q.zero_point <= 127
    reached = [(end - q.zero_point) * q.scale for end in (-128, 127)]
    assert reached[0] <= low + 0.51 * q.scale
    assert reached[1] >= high - 0.51 * q.scale


def test_a_channel_without_weights_keeps_its_bias() -> None:
    weights, bias = np.zeros((2, 1, 1, 3)), np.array([0.75, -1.5])
    found = quantized(weights, bias, 0, 0.02, 0.05)
    assert_close(found.bias * np.array(found.bias_scales), bias, atol=0.05 / 100)


def test_a_bias_beyond_int32_gets_a_coarser_scale() -> None:
    found = quantized(np.full((1, 1, 1, 1), 1e-9), np.array([100.0]), 0, 0.02, 1.0)
    assert abs(int(found.bias[0])) < 2**30
    assert_close(found.bias[0] * found.bias_scales[0], 100.0, rtol=1e-6)


# Equalization


@pytest.mark.parametrize("activation", [Activation.NONE, Activation.RELU, Activation.RELU6])
def test_equalization_leaves_the_function_as_it_is(activation: Activation) -> None:
    graph = simplify(mobilenet(activation=activation))
    x = images(graph, 20)
    balanced = equalized(graph, calibrate(graph, in_batches(x)).seen)
    before, after = run_float(graph, x)[graph.outputs[0]], run_float(balanced, x)[graph.outputs[0]]
    assert_close(after, before, atol=2e-5)


def test_equalization_brings_channels_to_like_ranges() -> None:
    graph = unbalanced(mobilenet(activation=Activation.RELU), 8, 1)
    batches = in_batches(images(graph, 40))
    spread_before = spread(graph, batches)
    spread_after = spread(equalized(graph, calibrate(graph, batches).seen), batches)
    assert min(spread_before) > 3
    assert max(spread_after) < 1.01


def spread(graph: Graph, batches: Batches) -> list[float]:
    """Octaves between the ranges of the channels that are ever active, for each tensor before a depthwise layer."""
    found = calibrate(graph, batches).seen
    reaches = [found[k.first.output].reach for k in links(graph) if isinstance(k.second.op, DepthwiseConv2D)]
    return [float(np.ptp(np.log2(r[r > 1e-5 * r.max()]))) for r in reaches]


def test_a_channel_that_reaches_the_clamp_of_relu6_is_not_scaled() -> None:
    net = Layers(4)
    x = net.build.conv("first", net.build.input("image", 1, 4, 4, 1), np.array([9.0, 1.0]).reshape(2, 1, 1, 1))
    net.depthwise(net.build.unary("relu6", x, Relu6()))
    graph = simplify(net.build.finish("clamped"))
    x_in = np.linspace(0, 1, 64).reshape(4, 4, 4, 1).astype(np.float32)
    balanced = equalized(graph, calibrate(graph, in_batches(x_in)).seen)
    first, second = (balanced.inputs_of(balanced.nodes[0])[1].data, graph.inputs_of(graph.nodes[0])[1].data)
    assert first is not None
    assert second is not None
    factors = np.divide(first, second).ravel()
    assert factors[0] == 1
    assert factors[1] == pytest.approx(3)  # raised to half of 6


# Reports


def test_a_network_without_classes_is_judged_by_its_noise_alone() -> None:
    """Outputs that are nearly equal: which one is the largest changes from rounding, and means nothing."""
    build, rng = FloatBuilder(), np.random.default_rng(5)
    x = build.dense("code", build.input("spectrum", 1, 32), rng.normal(size=(4, 32)))
    build.dense("spectrum_again", x, rng.normal(size=(32, 4)) * 0.01, np.full(32, 20.0))
    batches = in_batches(rng.normal(size=(64, 32)).astype(np.float32))
    found = report(quantize(build.finish("autoencoder"), batches), batches)
    assert (found.classes, found.collapsed, found.culprit) == (False, False, None)
    assert found.agreement < 0.9
    assert found.logits_sqnr_db > 40
    assert replace(found, classes=True).collapsed
    assert replace(found, logits_sqnr_db=11.0).collapsed


def test_what_is_joined_has_one_quantization_and_is_converted_only_where_it_must_be() -> None:
    """Of three tensors one is the layer's alone, one is read by another layer too, and one is the input."""
    build, rng = FloatBuilder(), np.random.default_rng(6)
    x = build.input("vector", 1, 6)
    free, shared = (build.dense(name, x, rng.normal(size=(6, 6)) * 3) for name in ("free", "shared"))
    wide = build.node("wide", Concatenation(1), (free, shared, x), (1, 18))
    least = build.node("least", Minimum(), (shared, x), (1, 6))
    values = rng.normal(size=(32, 6)).astype(np.float32)
    made = quantize(build.finish("joined", wide, least), in_batches(values))
    kinds = [node.op.kind for node in made.graph.nodes]
    assert kinds == [
        "FULLY_CONNECTED",
        "FULLY_CONNECTED",
        *("QUANTIZE", "QUANTIZE", "CONCATENATION"),
        *("QUANTIZE", "QUANTIZE", "MINIMUM"),
    ]
    for node in made.graph.nodes:
        if node.op.kind in ("CONCATENATION", "MINIMUM"):
            tensors = (*made.graph.inputs_of(node), made.graph.output_of(node))
            assert len({quantization_of(t) for t in tensors}) == 1
    image = quantized_input(made.graph, values[:1])
    assert differing(made.graph, image, write_model(made.graph)) == {}
    assert report(made, in_batches(values)).logits_sqnr_db > 30


def test_bias_correction_brings_the_means_of_the_answers_together() -> None:
    def shift(correct_bias: bool) -> float:
        graph = mobilenet()
        x = images(graph, 200, 9)
        found = made(graph, QuantizeOptions("minmax", correct_bias=correct_bias), 64)
        (end,) = logits_of(found.reference)
        mirror = found.built.tensors[end]
        levels = run(found.graph, quantized_input(found.graph, x))[mirror]
        real = run_float(found.reference, x)[end]
        return float(np.abs(np.subtract(real_values(found.graph.tensors[mirror], levels), real).mean(axis=0)).mean())

    assert shift(True) < 0.6 * shift(False)
