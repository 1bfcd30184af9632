"""Model files with words overwritten and bits flipped, thousands of times."""

import struct

import numpy as np
import pytest

from depthwise.codegen.formats.tflite.writer import write_model
from tests.support.damaged import read_or_refuse
from tests.support.networks import NAMED_NETWORKS

SMALL = ("conv", "add", "keras_leftovers", "float_ends", "softmax", "mean", "dense")


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
def test_overwritten_words_give_a_graph_or_a_model_error(name: str) -> None:
    data = write_model(NAMED_NETWORKS[name]())
    for word in (0, 1, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0):
        for place in range(0, len(data) - 4, 4):
            read_or_refuse(data[:place] + struct.pack("<I", word) + data[place + 4 :])
