"""Damaged weights of a `.keras` file, in a process of their own."""

import subprocess
import sys

from tests.support.places import ROOT


def test_flipped_bits_of_the_weights_give_a_graph_or_a_model_error() -> None:
    reads = [sys.executable, "-m", "tests.support.weight_flips"]
    done = subprocess.run(reads, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
