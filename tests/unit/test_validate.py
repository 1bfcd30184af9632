"""Every layer is checked against its tensors; a message names the layer and both numbers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from depthwise.codegen.errors import ModelError, UnsupportedError, together
from depthwise.codegen.graph import DType, Graph, Quantization
from depthwise.codegen.operators import Border, Conv2D, Pads
from depthwise.codegen.operators.validate import validate
from tests.support.network_builder import Builder
from tests.support.networks import (
    NAMED_NETWORKS,
    add_network,
    conv_network,
    dense_network,
    depthwise_network,
    mean_network,
    pad_network,
    random_network,
    reshape_network,
    softmax_network,
)


def changed(graph: Graph, index: int, **fields: Any) -> Graph:
    """The graph with other fields in one of its tensors."""
    tensors = tuple(replace(t, **fields) if t.index == index else t for t in graph.tensors)
    return replace(graph, tensors=tensors)


def with_operation(graph: Graph, **fields: Any) -> Graph:
    """The graph with other attributes in its first operation."""
    first, *others = graph.nodes
    return replace(graph, nodes=(replace(first, op=replace(first.op, **fields)), *others))


def refuse(graph: Graph, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        validate(graph)


@pytest.mark.parametrize("name", NAMED_NETWORKS)
def test_a_named_network_is_valid(name: str) -> None:
    validate(NAMED_NETWORKS[name]())


def test_random_networks_are_valid() -> None:
    for seed in range(100):
        validate(random_network(seed))


def output(graph: Graph) -> int:
    return graph.outputs[0]


def test_an_output_of_the_wrong_size_names_both_sizes() -> None:
    graph = conv_network()
    refuse(changed(graph, output(graph), shape=(1, 9, 6, 8)), r"layer 0 \(CONV_2D\).*\(9, 6\).*\(9, 7\)")


def test_padding_must_explain_the_output() -> None:
    refuse(with_operation(conv_network(), pads=Pads()), r"layer 0 \(CONV_2D\).*\(9, 7\).*\(7, 5\)")


def test_stride_must_explain_the_output() -> None:
    refuse(with_operation(conv_network(), stride=(2, 1)), r"layer 0 \(CONV_2D\).*\(9, 7\).*\(5, 7\)")


def test_a_grouped_convolution_is_refused() -> None:
    graph = conv_network()
    weights = np.zeros((8, 3, 3, 1), np.int8)
    refuse(changed(graph, 1, shape=weights.shape, data=weights), r"layer 0 \(CONV_2D\).*1 channels.* 3")


def test_a_bias_of_the_wrong_length_names_both_lengths() -> None:
    graph = conv_network()
    refuse(changed(graph, 2, shape=(7,), data=np.zeros(7, np.int32)), r"layer 0 .*\(7,\).*\(8,\)")


def test_a_bias_of_floats_beside_int8_weights_is_refused() -> None:
    data = np.zeros(8, np.float32)
    refuse(changed(conv_network(), 2, data=data, dtype=DType.FLOAT32), r"layer 0 .*float32.*int32")


def test_weights_that_are_computed_are_refused() -> None:
    graph = conv_network()
    graph = changed(replace(graph, inputs=(0, 1)), 1, data=None, shape=(1, 3, 3, 3))
    refuse(graph, r"layer 0 \(CONV_2D\).*not constant \(tensor 1\)")


def test_a_wrong_depth_multiplier_names_both_channel_counts() -> None:
    refuse(with_operation(depthwise_network(), depth_multiplier=2), r"layer 0 \(DEPTHWISE_CONV_2D\).*3.*6")


def test_fully_connected_of_vectors_of_other_sizes_is_refused() -> None:
    refuse(changed(dense_network(), 0, shape=(1, 2, 37)), r"layer 0 \(FULLY_CONNECTED\).*outputs 5.*10")
    refuse(changed(dense_network(), 0, shape=(1, 2, 36)), r"layer 0 \(FULLY_CONNECTED\).*72.*37")


def test_several_images_at_once_are_refused() -> None:
    graph = conv_network()
    with pytest.raises(UnsupportedError, match=r"tensor 0.*\(4, 9, 7, 3\).*batch must be 1"):
        validate(changed(graph, 0, shape=(4, 9, 7, 3)))


def test_addition_of_shapes_that_do_not_broadcast_is_refused() -> None:
    refuse(changed(add_network(), 1, shape=(1, 1, 1, 2)), r"layer 0 \(ADD\).*\(1, 5, 4, 3\).*\(1, 1, 1, 2\)")


def test_a_reshape_that_loses_elements_names_both_counts() -> None:
    graph = reshape_network()
    refuse(changed(graph, output(graph), shape=(1, 23)), r"layer 0 \(RESHAPE\).*23.*24")


def test_a_mean_with_the_wrong_channels_names_both_counts() -> None:
    graph = mean_network()
    refuse(changed(graph, output(graph), shape=(1, 8)), r"layer 0 \(MEAN\).*8.*9")


def test_padding_must_give_the_output_shape() -> None:
    refuse(
        with_operation(pad_network(), amounts=Pads(1, 1, 0, 3).border),
        r"layer 0 \(PAD\).*\(1, 8, 7, 3\).*\(1, 7, 7, 3\)",
    )


@pytest.mark.parametrize("name", ["average_pool", "max_pool", "pad", "reshape"])
def test_layers_that_only_move_data_keep_the_quantization(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    refuse(changed(graph, output(graph), quantization=Quantization((0.5,), (0,))), r"layer 0 .*quantization.*0\.5")


def test_softmax_must_have_its_fixed_output_quantization() -> None:
    graph = softmax_network()
    refuse(changed(graph, output(graph), quantization=Quantization((1 / 128,), (-128,))), r"SOFTMAX.*1/256")


def test_uint8_weights_are_refused_with_a_hint() -> None:
    graph = conv_network()
    data = np.zeros(graph.tensors[1].shape, np.uint8)
    with pytest.raises(UnsupportedError, match=r"layer 0 \(CONV_2D\).*uint8") as caught:
        validate(changed(graph, 1, dtype=DType.UINT8, data=data))
    assert "int8" in caught.value.hint


@pytest.mark.parametrize("name", ["conv", "add", "average_pool", "mean", "softmax", "dense"])
def test_uint8_activations_are_refused_with_a_hint(name: str) -> None:
    graph = NAMED_NETWORKS[name]()
    with pytest.raises(UnsupportedError, match=r"layer 0 .*tensor 0 is uint8") as caught:
        validate(changed(graph, 0, dtype=DType.UINT8))
    assert "int8" in caught.value.hint


def test_weight_zero_points_must_be_zero() -> None:
    graph = conv_network()
    refuse(changed(graph, 1, quantization=Quantization((0.1,), (3,))), r"layer 0 .*zero point")


def test_a_wrong_number_of_weight_scales_names_both_numbers() -> None:
    graph = conv_network()
    refuse(changed(graph, 1, quantization=Quantization((0.1,) * 7, (0,) * 7)), r"layer 0 .*7.*8")


def test_weights_quantized_along_the_wrong_axis_name_both_axes() -> None:
    graph = conv_network()
    refuse(changed(graph, 1, quantization=Quantization((0.1,) * 8, (0,) * 8, 3)), r"layer 0 .*3.*0")


def test_activations_quantized_per_channel_are_refused() -> None:
    graph = conv_network()
    refuse(changed(graph, 0, quantization=Quantization((0.1,) * 3, (0,) * 3, 3)), r"layer 0 .*tensor 0 has 3 scales")


def test_int8_without_a_quantization_is_refused() -> None:
    refuse(changed(conv_network(), 0, quantization=None), r"layer 0 .*tensor 0 has 0 scales")


def test_a_zero_point_out_of_range_is_refused() -> None:
    refuse(changed(conv_network(), 0, quantization=Quantization((0.1,), (128,))), r"tensor 0.*128.*-128 to 127")


def test_a_convolution_of_float32_needs_no_quantization() -> None:
    graph = conv_network()
    for tensor in graph.tensors:
        data = None if tensor.data is None else tensor.data.astype(np.float32)
        graph = changed(graph, tensor.index, dtype=DType.FLOAT32, quantization=None, data=data)
    assert isinstance(graph.nodes[0].op, Conv2D)
    validate(graph)


@pytest.mark.parametrize("make", [conv_network, depthwise_network, dense_network, mean_network, add_network])
def test_scales_too_far_apart_for_a_shift_of_31_bits_name_the_layer_and_both_numbers(make: Callable[[], Graph]) -> None:
    graph = make()
    far = Quantization((1e-20,), (0,))
    refuse(changed(graph, output(graph), quantization=far), r"layer 0 .*factor of \d\.\d+e\+\d\d, .* below 2\.147e\+09")


def test_scales_just_near_enough_are_valid() -> None:
    graph = mean_network()
    scale = graph.inputs_of(graph.nodes[0])[0].quantization
    assert scale is not None
    validate(changed(graph, output(graph), quantization=Quantization((scale.scale / 2**30.5,), (0,))))


def test_weights_with_a_zero_point_in_groups_are_refused() -> None:
    """Kernels for groups take bytes: weights less a zero point of -1 were 128 in an int8_t."""
    build = Builder(0)
    graph = build.finish("groups", build.conv(build.input(1, 3, 3, 6), 6, groups=3))
    with pytest.raises(UnsupportedError, match=r"layer 0 \(CONV_2D\) has weights with zero point -1 in 3 groups"):
        validate(with_operation(graph, weight_zero_point=-1))


def test_weights_with_a_zero_point_and_a_bias_by_position_are_refused() -> None:
    build = Builder(0)
    graph = build.finish("border", build.conv(build.input(1, 1, 1, 6), 6, bias=False))
    with pytest.raises(UnsupportedError, match="zero point 9 and a bias that depends on the position"):
        validate(with_operation(graph, weight_zero_point=9, border=Border((0,), (0,))))


def test_every_layer_that_is_not_done_is_told_at_once_with_its_next_step() -> None:
    errors = [UnsupportedError(f"layer {i} (X) is y", "do z" if i % 2 else "do w") for i in range(23)]
    told = together(errors)
    assert told.message.splitlines()[:3] == [
        "23 layers are not supported:",
        "  layer 0 (X) is y; do w",
        "  layer 1 (X) is y; do z",
    ]
    assert told.message.endswith("  layer 19 (X) is y; do z\n  and 3 more")
    assert "docs/reference/operators.md" in told.hint
    alike = together(errors[::2])
    assert alike.message.splitlines()[1] == "  layer 0 (X) is y"
    assert alike.hint == "do w"
    assert together(errors[:1]) is errors[0]
