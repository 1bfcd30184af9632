"""Damaged and hostile files: whatever the bytes, the reader gives a Graph or a ModelError, and soon."""

import struct
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depthwise.codegen.errors import ModelError
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.graph import DType, Node, Quantization, Tensor
from depthwise.codegen.operators import Softmax
from tests.support.damaged import read_or_refuse
from tests.support.network_builder import Builder
from tests.support.networks import NAMED_NETWORKS


def test_every_truncation_is_refused() -> None:
    data = write_model(NAMED_NETWORKS["conv"]())
    for length in range(0, len(data) - 16, 3):
        assert read_or_refuse(data[:length]) is None, f"{length} of {len(data)} bytes were read"


@given(st.binary(max_size=400), st.booleans())
@settings(max_examples=300)
def test_arbitrary_bytes_give_a_model_error(data: bytes, identified: bool) -> None:
    if identified:
        data = data[:4] + b"TFL3" + data[8:]
    assert read_or_refuse(data) is None


@given(st.binary(min_size=1, max_size=60), st.data())
@settings(max_examples=300)
def test_a_splice_anywhere_gives_a_graph_or_a_model_error(junk: bytes, draw: st.DataObject) -> None:
    data = write_model(NAMED_NETWORKS["mean"]())
    place = draw.draw(st.integers(8, len(data)))
    read_or_refuse(data[:place] + junk + data[place + len(junk) :])


def overlapping_vectors(words: int) -> bytes:
    """Every word is a plausible length or offset, so that tables and vectors overlap everywhere."""
    return struct.pack("<I4s", 8, b"TFL3") + struct.pack("<I", words // 2) * words


def self_referring(words: int) -> bytes:
    """Every offset leads back a little, or to itself."""
    return struct.pack("<I4s", 8, b"TFL3") + struct.pack("<hHHH", -4, 8, 4, 4) * words


@pytest.mark.parametrize("make", [overlapping_vectors, self_referring])
@pytest.mark.parametrize("words", [10, 1_000, 50_000])
def test_a_file_that_refers_to_itself_is_refused(make: Callable[[int], bytes], words: int) -> None:
    with pytest.raises(ModelError):
        parse_model(make(words), "hostile")


def changed(name: str, index: int, **fields: Any) -> bytes:
    """A named network with other fields in one tensor, written without any check."""
    graph = NAMED_NETWORKS[name]()
    tensors = tuple(replace(t, **fields) if t.index == index else t for t in graph.tensors)
    return write_model(replace(graph, tensors=tensors))


def ends(inputs: tuple[int, ...], outputs: tuple[int, ...]) -> bytes:
    """A convolution (tensors 0 to 3) with these inputs and outputs of the network."""
    return write_model(replace(NAMED_NETWORKS["conv"](), inputs=inputs, outputs=outputs))


def slice_at(begin: int) -> bytes:
    """A STRIDED_SLICE that starts at `begin` of a vector of two."""
    build = Builder(1)
    x = build.input(1, 6)
    build.batch_size(x)
    shape, first = build.nodes[1].inputs[:2]
    build.tensors[first] = replace(build.tensors[first], data=np.array([begin], np.int32))
    assert build.tensors[shape].shape == (2,)
    build.reshape(x, 1, 6)
    return write_model(build.finish("slice"))


def softmax_of_a_scalar() -> bytes:
    build = Builder(1)
    start = build.input(1, 1)
    graph = build.finish("scalar", build.reshape(start, 1))
    scalar = Tensor(3, "scalar", (), DType.INT8)
    node = Node(1, Softmax(1.0), graph.outputs, 3)
    return write_model(replace(graph, tensors=(*graph.tensors, scalar), nodes=(*graph.nodes, node)))


NOT_A_NUMBER = np.full((4, 2), np.nan, np.float32)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "input_beyond_the_tensors": (lambda: ends((0, 99), (3,)), "99"),
    "negative_input": (lambda: ends((0, -1), (3,)), "-1"),
    "input_named_twice": (lambda: ends((0, 0), (3,)), "2 inputs, 1"),
    "no_output": (lambda: ends((0,), ()), "0 outputs"),
    "paddings_that_are_no_numbers": (
        lambda: changed("pad", 1, dtype=DType.FLOAT32, data=NOT_A_NUMBER),
        r"layer 0 \(PAD\).*float32",
    ),
    "axes_that_are_no_numbers": (
        lambda: changed("mean", 1, dtype=DType.FLOAT32, data=NOT_A_NUMBER[0]),
        r"layer 0 \(MEAN\).*float32",
    ),
    "axis_beyond_the_rank": (
        lambda: changed("mean", 1, data=np.array([5, 2], np.int32)),
        r"layer 0 \(MEAN\).*5",
    ),
    "bias_with_a_zero_point": (
        lambda: changed("conv", 2, quantization=Quantization((0.1,), (5,))),
        r"layer 0 \(CONV_2D\).*zero points",
    ),
    "softmax_of_a_scalar": (softmax_of_a_scalar, r"layer 1 \(SOFTMAX\)"),
    "slice_beyond_its_vector": (lambda: slice_at(7), r"layer 1 \(STRIDED_SLICE\).*7.*2"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_model_is_refused_and_says_why(name: str) -> None:
    make, message = HOSTILE[name]
    with pytest.raises(ModelError, match=message):
        parse_model(make(), "hostile")
