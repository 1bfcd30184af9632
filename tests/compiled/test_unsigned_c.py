"""Networks of uint8 read as int8: the C by every schedule and core gives the golden model's bytes."""

from pathlib import Path

import pytest

from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from tests.compiled.test_rows_generated import cases_of
from tests.support.exactness import problem_of
from tests.support.unsigned_networks import unsigned_network

NETWORKS = 45
BATCH = 15


@pytest.mark.parametrize("first", range(0, NETWORKS, BATCH))
def test_rows_and_whole_tensors_equal_the_golden_model(first: int, tmp_path: Path) -> None:
    seeds = range(first, first + BATCH)
    models = {seed: parse_model(write_model(unsigned_network(seed)), f"net{seed}") for seed in seeds}
    cases = [case for seed, graph in models.items() for case in cases_of(graph, seed)]
    assert problem_of(cases, tmp_path) is None
