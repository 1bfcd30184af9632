"""Damaged and hostile files: whatever the bytes, the reader gives a Graph or a ModelError, and soon."""

import struct
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from depthwise.codegen.errors import ModelError
from depthwise.codegen.graph import Graph
from depthwise.codegen.tflite.reader import parse_model
from depthwise.codegen.tflite.writer import write_model

from .networks import NAMED_NETWORKS

SMALL = ("conv", "add", "keras_leftovers", "float_ends", "softmax", "mean", "dense")


def read_or_refuse(data: bytes) -> Graph | None:
    try:
        return parse_model(data, "hostile")
    except ModelError:
        return None


def test_every_truncation_is_refused() -> None:
    data = write_model(NAMED_NETWORKS["conv"]())
    for length in range(0, len(data) - 16, 3):
        read_or_refuse(data[:length])
    with pytest.raises(ModelError):
        parse_model(data[: len(data) // 2], "half")


@pytest.mark.parametrize("name", SMALL)
def test_flipped_bits_give_a_graph_or_a_model_error(name: str) -> None:
    data = write_model(NAMED_NETWORKS[name]())
    rng = np.random.default_rng(0)
    for _ in range(600):
        damaged = bytearray(data)
        for place in rng.integers(0, len(data), int(rng.integers(1, 4))):
            damaged[place] ^= 1 << int(rng.integers(0, 8))
        read_or_refuse(bytes(damaged))


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("word", [0, 1, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0])
def test_overwritten_words_give_a_graph_or_a_model_error(name: str, word: int) -> None:
    data = write_model(NAMED_NETWORKS[name]())
    for place in range(0, len(data) - 4, 4):
        read_or_refuse(data[:place] + struct.pack("<I", word) + data[place + 4 :])


@given(st.binary(max_size=400), st.booleans())
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes_give_a_model_error(data: bytes, identified: bool) -> None:
    if identified:
        data = data[:4] + b"TFL3" + data[8:]
    assert read_or_refuse(data) is None


@given(st.binary(min_size=1, max_size=60), st.data())
@settings(max_examples=300, deadline=None)
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
