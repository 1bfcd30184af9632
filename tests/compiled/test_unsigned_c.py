"""Networks of uint8 read as int8: the C by every schedule and core gives the golden model's bytes."""

from contextlib import suppress
from pathlib import Path

import pytest

from depthwise.codegen.errors import UnsupportedError
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.writer import write_model
from tests.compiled.test_rows_generated import cases_of
from tests.support.conformance.harness import all_cases, drawn
from tests.support.exactness import problem_of
from tests.support.network_builder import Builder
from tests.support.unsigned_networks import in_uint8, joined_in_uint8, unsigned_network, unsigned_operator

NETWORKS = 45
BATCH = 15


@pytest.mark.parametrize("first", range(0, NETWORKS, BATCH))
def test_rows_and_whole_tensors_equal_the_golden_model(first: int, tmp_path: Path) -> None:
    seeds = range(first, first + BATCH)
    models = {seed: parse_model(write_model(unsigned_network(seed)), f"net{seed}") for seed in seeds}
    cases = [case for seed, graph in models.items() for case in cases_of(graph, seed)]
    assert problem_of(cases, tmp_path) is None


def test_operators_with_an_arithmetic_of_their_own_in_uint8_are_generated(tmp_path: Path) -> None:
    drawn_for = [drawn(all_cases()[name], seed) for name in ("LOGISTIC", "RESIZE_BILINEAR") for seed in range(8)]
    matrix = Builder(1)
    matrix.dense(matrix.input(1, 20), 9)
    unsigned = [*map(unsigned_operator, drawn_for), in_uint8(matrix.finish("matrix"), matrix.rng)]
    unsigned += [joined_in_uint8(seed) for seed in range(3)]
    cases = []
    for seed, network in enumerate(unsigned):
        with suppress(UnsupportedError):  # steps that are no 1/1024 of a pixel
            cases += cases_of(parse_model(write_model(network), f"net{seed}"), seed)
    assert len(cases) > len(unsigned)
    assert problem_of(cases, tmp_path) is None
