"""Damaged weights of a `.keras` file, in a process of their own."""

import subprocess
import sys

from tests.support.places import ROOT

FLIPS = """
import sys, numpy as np
from depthwise.codegen.errors import ModelError
from depthwise.codegen.formats.keras.reader import parse_keras
from tests.support.keras_files import archive, conv, conv_weights, sequential, weight_file
rng, weights = np.random.default_rng(0), weight_file(conv_weights())
for _ in range(1500):
    damaged = bytearray(weights)
    for place in rng.integers(0, len(weights), 3):
        damaged[place] ^= 1 << int(rng.integers(0, 8))
    try:
        parse_keras(archive(sequential(conv()), bytes(damaged)), "flipped")
    except ModelError:
        pass
"""


def test_flipped_bits_of_the_weights_give_a_graph_or_a_model_error() -> None:
    root = ROOT
    done = subprocess.run([sys.executable, "-c", FLIPS], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
