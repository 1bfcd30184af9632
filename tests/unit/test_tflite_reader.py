"""Reading real models, and what the reader says about files it cannot use."""

import re
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.errors import InputError, ModelError, UnsupportedError
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.formats.tflite.instead import WAYS
from depthwise.codegen.formats.tflite.reader import parse_model, read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import Array, DType, Graph, Quantization, Tensor
from depthwise.codegen.operators import (
    Activation,
    ArgMax,
    Conv2D,
    DepthwiseConv2D,
    HardSwish,
    Logistic,
    Mean,
    Pads,
    StridedSlice,
)
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.operators.registry import BY_KIND
from tests.support.arithmetic_networks import transpose_conv_network
from tests.support.models import model_path
from tests.support.network_builder import Builder
from tests.support.networks import NAMED_NETWORKS, conv_network, mean_network, pad_network
from tests.support.networks import image as image_of
from tests.support.oracles import differing

REAL = [
    ("ad01_int8", 10, (1, 640), (1, 640), 264_192),
    ("ic_resnet8_float", 16, (1, 32, 32, 3), (1, 10), 12_501_632),
    ("ic_resnet8_int8", 16, (1, 32, 32, 3), (1, 10), 12_501_632),
    ("kws_dscnn_int8", 13, (1, 49, 10, 1), (1, 12), 2_656_768),
    ("mobilenet_v1_025_96_imagenet_int8", 38, (1, 96, 96, 3), (1, 1000), 7_745_152),
    ("vww_96_float", 31, (1, 96, 96, 3), (1, 2), 7_489_664),
    ("vww_96_int8", 31, (1, 96, 96, 3), (1, 2), 7_489_664),
]


@pytest.mark.parametrize(("name", "layers", "entering", "leaving", "macs"), REAL)
def test_a_real_model_has_its_published_layers_and_costs(
    name: str, layers: int, entering: tuple[int, ...], leaving: tuple[int, ...], macs: int
) -> None:
    graph = read_model(model_path(name))
    assert graph.name == name
    assert len(graph.nodes) == layers
    assert graph.tensors[graph.inputs[0]].shape == entering
    assert graph.tensors[graph.outputs[0]].shape == leaving
    assert total_macs(graph) == macs


def test_the_first_layer_of_visual_wake_words_is_read_exactly() -> None:
    graph = read_model(model_path("vww_96_int8"))
    node = next(n for n in graph.nodes if isinstance(n.op, Conv2D))
    assert node.op == Conv2D((2, 2), Pads(0, 1, 0, 1), (1, 1), Activation.RELU)
    weights, bias = graph.inputs_of(node)[1:]
    assert (weights.shape, weights.dtype, bias.dtype) == ((8, 3, 3, 3), DType.INT8, DType.INT32)
    assert weights.quantization is not None
    assert len(weights.quantization.scales) == 8
    assert weights.quantization.scales[0] == float(np.float32(weights.quantization.scales[0]))


def test_a_depth_multiplier_is_read() -> None:
    graph = NAMED_NETWORKS["depthwise_multiplier_8"]()
    (node,) = parse_model(write_model(graph), "again").nodes
    assert isinstance(node.op, DepthwiseConv2D)
    assert node.op.depth_multiplier == 8


def test_constants_of_a_real_model_cannot_be_written() -> None:
    graph = read_model(model_path("kws_dscnn_int8"))
    assert not any(t.data.flags.writeable for t in graph.tensors if t.data is not None)


def test_a_layer_of_mixed_types_is_refused_with_a_hint() -> None:
    graph = NAMED_NETWORKS["conv"]()
    floats = replace(graph.tensors[0], dtype=DType.FLOAT32, quantization=None)
    mixed = write_model(replace(graph, tensors=(floats, *graph.tensors[1:])))
    with pytest.raises(UnsupportedError, match=r"layer 0 \(CONV_2D\).*int8.*float32") as caught:
        parse_model(mixed, "mixed")
    assert "full integer" in caught.value.hint


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.tflite"):
        read_model(tmp_path / "gone.tflite")
    with pytest.raises(InputError):
        read_model(tmp_path)


def test_another_file_is_named_as_what_it_is_not() -> None:
    with pytest.raises(ModelError, match="TFL3") as caught:
        parse_model(b"\x89PNG\r\n\x1a\n" + bytes(100), "picture")
    assert ".tflite" in caught.value.hint


def refuse(data: bytes, message: str) -> str:
    with pytest.raises(ModelError, match=message) as caught:
        parse_model(data, "model")
    return caught.value.hint


def swap_operator(graph: Graph, kind: str, other: str) -> bytes:
    """The bytes of a model with one operator code replaced in both of its fields."""
    data, old, new = write_model(graph), schema.OPERATORS.index(kind), schema.OPERATORS.index(other)
    codes = struct.pack("<iii", old, _version(data, old), old)
    assert data.count(codes) == 1
    return data.replace(codes, struct.pack("<iii", min(new, 127), _version(data, old), new))


def _version(data: bytes, code: int) -> int:
    return next(v for v in range(1, 7) if data.count(struct.pack("<iii", code, v, code)) == 1)


def test_an_unknown_operator_is_named_with_its_layer_and_a_way_out() -> None:
    data = swap_operator(NAMED_NETWORKS["mobilenet"](), "SOFTMAX", "SQUARE")
    assert "MUL" in refuse(data, r"layer 8 \(SQUARE\)")


def test_an_operator_beyond_the_old_127_codes_is_named() -> None:
    refuse(swap_operator(NAMED_NETWORKS["softmax"](), "SOFTMAX", "CUMSUM"), r"layer 0 \(CUMSUM\)")


def test_all_that_is_not_done_is_told_at_once_in_the_order_of_layers() -> None:
    """An operator without a room, a quantization that its room refuses, an attribute that is not constant."""
    build = Builder(1)
    axes = build.tensor((1,), None, DType.INT32)
    build.inputs.append(axes)
    x = build.input(1, 4, 4, 3)
    x = build.node(HardSwish(), (x,), build.tensor((1, 4, 4, 3), build.quantization(x)))
    x = build.node(Logistic(), (x,), build.tensor((1, 4, 4, 3), Quantization((0.5,), (3,))))
    build.node(Mean(), (x, axes), build.tensor((1, 4, 3), build.activation()))
    graph = Graph(
        "three", tuple(build.tensors), tuple(build.nodes), inputs=tuple(build.inputs), outputs=(build.nodes[-1].output,)
    )
    with pytest.raises(UnsupportedError) as caught:
        parse_model(swap_operator(graph, "HARD_SWISH", "CUMSUM"), "three")
    first, *layers = caught.value.message.splitlines()
    assert first == "3 layers are not supported:"
    assert [line.split(";")[0] for line in layers] == [
        "  layer 0 (CUMSUM) is not supported",
        (
            "  layer 1 (LOGISTIC) has output quantization Quantization(scales=(0.5,), zero_points=(3,), axis=0), "
            "it must be 1/256 and -128"
        ),
        "  layer 2 (MEAN) has operand 1 that is not constant",
    ]
    assert all(line.split("; ")[1] for line in layers)
    assert "docs/reference/operators.md" in caught.value.hint


@pytest.mark.parametrize("kind", WAYS)
def test_what_takes_the_place_of_an_operator_is_done(kind: str) -> None:
    named = re.findall(r"\b[A-Z][A-Z_0-9]{2,}\b", WAYS[kind].split("(")[0])
    assert [name for name in named if name not in BY_KIND] == []
    assert kind in schema.OPERATORS


def test_control_flow_is_named() -> None:
    refuse(swap_operator(NAMED_NETWORKS["softmax"](), "SOFTMAX", "WHILE"), r"layer 0 \(WHILE\) decides at run time")


def test_data_of_the_wrong_length_names_both_numbers() -> None:
    data = bytearray(write_model(conv_network()))
    weights = conv_network().tensors[1].data
    assert weights is not None
    at = bytes(data).index(weights.tobytes())
    assert data[at - 4 : at] == struct.pack("<I", 216)
    data[at - 4 : at] = struct.pack("<I", 212)
    refuse(bytes(data), "216.*212")


def test_a_schema_of_another_version_names_both_numbers() -> None:
    data = write_model(conv_network())
    at = 8 + 4 + 2 * 5 + 2 + 4  # behind the head, the root's vtable and the way back to it
    assert data[at : at + 4] == struct.pack("<I", 3)
    refuse(data[:at] + struct.pack("<I", 2) + data[at + 4 :], "2.*3")


def with_constant(graph: Graph, index: int, values: list[object], dtype: type = np.int32) -> bytes:
    """A model with another value in one of its constants, without the checks of the reader."""
    tensor = graph.tensors[index]
    data: Array = np.array(values, dtype)
    changed = replace(tensor, data=data, shape=data.shape, dtype=DType(data.dtype.name))
    tensors = tuple(changed if t.index == index else t for t in graph.tensors)
    return write_model(replace(graph, tensors=tensors))


def test_a_mean_whose_output_is_that_of_other_axes_is_refused() -> None:
    refuse(with_constant(mean_network(), 1, [1, 3]), r"layer 0 \(MEAN\) has output shape \(1, 9\).*\(1, 1, 5, 1\)")


def test_a_mean_over_negative_axes_is_read() -> None:
    parse_model(with_constant(mean_network(), 1, [-3, -2]), "model")


def test_padding_of_channels_is_read() -> None:
    amounts: list[object] = [[0, 0], [1, 1], [1, 1], [0, 2]]
    refuse(with_constant(pad_network(), 1, amounts), r"layer 0 \(PAD\).*\(1, 7, 6, 5\)")


def test_negative_padding_is_refused() -> None:
    amounts: list[object] = [[0, 0], [-1, 1], [1, 1], [0, 0]]
    refuse(with_constant(pad_network(), 1, amounts), r"layer 0 \(PAD\).*-1")


def test_a_tensor_name_that_is_no_utf8_and_long_is_read_as_text() -> None:
    graph = conv_network()
    long = replace(graph.tensors[0], name="x" * 5000)
    graph = replace(graph, tensors=(long, *graph.tensors[1:]))
    data = write_model(graph).replace(b"x" * 5000, b"\xff\xfe" + b"x" * 4998)
    name = parse_model(data, "model").tensors[0].name
    assert name.startswith("\ufffd\ufffdx")
    assert len(name) <= 5000


def retyped(graph: Graph, index: int, name: str) -> bytes:
    """The bytes of a model in which one tensor claims to be of another type."""
    data, tensor = write_model(graph), graph.tensors[index]
    old = struct.pack("<II", schema.TENSOR_TYPES.index(tensor.dtype.name), index + 1)
    assert data.count(old) == 1
    return data.replace(old, struct.pack("<II", schema.TENSOR_TYPES.index(name), index + 1))


@pytest.mark.parametrize(("index", "name"), [(0, "INT16"), (1, "INT4"), (1, "FLOAT64")])
def test_a_type_we_do_not_compute_in_is_named_with_its_tensor(index: int, name: str) -> None:
    hint = refuse(retyped(conv_network(), index, name), rf"(?i)tensor {index} .*{name}")
    assert "int8" in hint


def test_a_tensor_that_no_operator_names_may_be_of_any_type_and_shape() -> None:
    graph = conv_network()
    unused = Tensor(len(graph.tensors), "calibration", (0,), DType.INT16, Quantization((0.5,), (0,)))
    data = write_model(replace(graph, tensors=(*graph.tensors, unused)))
    assert differing(parse_model(data, "conv"), image_of(graph), data) == {}


def test_indices_and_sizes_of_64_bits_are_read_as_int32() -> None:
    build = Builder(3)
    x = build.input(1, 6, 4, 3)
    for _ in range(1000):  # so that the numbers of the tensors behind them stand nowhere else in the file
        build.tensor((), None)
    sizes = build.constant(np.array([0, 1, 0, 0], np.int32)), build.constant(np.array([1, 4, 2**31 - 1, 3], np.int32))
    steps = build.constant(np.ones(4, np.int32))
    op = StridedSlice((0, 1, 0, 0), (1, 4, 2**31 - 1, 3), (1, 1, 1, 1), 0, 0, shrink_axis_mask=0)
    part = build.node(op, (x, *sizes, steps), build.tensor((1, 3, 4, 3), build.quantization(x)))
    build.node(ArgMax(3), (part, build.constant(np.array(3, np.int32))), build.tensor((1, 3, 4), None, DType.INT32))
    graph = build.finish("indices")
    wide = {sizes[1]: np.array([1, 4, 2**62, 3]), graph.outputs[0]: None}
    assert parse_model(as_int64(graph, wide), "indices").nodes == parse_model(write_model(graph), "indices").nodes


def as_int64(graph: Graph, values: Mapping[int, Array | None]) -> bytes:
    """The bytes of a model in which int32 tensors are of int64, constants with the values given."""
    tensors = [replace(t, shape=(8,)) if values.get(t.index) is not None else t for t in graph.tensors]
    halves = {i: v.view(np.int32) for i, v in values.items() if v is not None}
    made = [replace(t, data=halves[t.index]) if t.index in halves else t for t in tensors]
    data = write_model(replace(graph, tensors=tuple(made)))
    data = data.replace(struct.pack("<II", 1, 8), struct.pack("<II", 1, 4))
    for index in values:
        old = struct.pack("<II", schema.TENSOR_TYPES.index("INT32"), index + 1)
        assert data.count(old) == 1
        data = data.replace(old, struct.pack("<II", schema.TENSOR_TYPES.index("INT64"), index + 1))
    return data


def test_the_first_of_several_subgraphs_is_read_which_a_note_says() -> None:
    data = write_model(conv_network())
    (root,) = struct.unpack_from("<I", data)
    vtable = root - struct.unpack_from("<i", data, root)[0]
    field = root + struct.unpack_from("<H", data, vtable + 4 + 2 * schema.MODEL_SUBGRAPHS)[0]
    count = field + struct.unpack_from("<I", data, field)[0]
    assert data[count : count + 4] == struct.pack("<I", 1)
    graph = parse_model(data[:count] + struct.pack("<I", 2) + data[count + 4 :], "conv")
    assert graph.notes == ("1 subgraphs besides the first are not read",)


def test_a_transposed_convolution_without_biases_has_biases_of_zero() -> None:
    graph = transpose_conv_network()
    image, weights, _, shape = graph.nodes[0].inputs
    bare = replace(graph, nodes=(replace(graph.nodes[0], inputs=(shape, weights, image)),))
    data, given = write_model(bare), image_of(graph)
    read = parse_model(data, "bare")
    zeros = read.inputs_of(read.nodes[0])[2].data
    assert zeros is not None
    assert not zeros.any()
    assert differing(read, given, data) == {}
