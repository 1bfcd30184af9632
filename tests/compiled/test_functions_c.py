"""Networks with functions between their layers, by every schedule: the passes and the C give the model's own bytes."""

from pathlib import Path

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.passes import optimize
from tests.compiled.test_rows_generated import cases_of
from tests.support.exactness import problem_of
from tests.support.function_networks import function_network
from tests.support.networks import image

NETWORKS = 60
BATCH = 10


@pytest.mark.parametrize("first", range(0, NETWORKS, BATCH))
def test_rows_and_whole_tensors_equal_the_golden_model(first: int, tmp_path: Path) -> None:
    cases = [case for seed in range(first, first + BATCH) for case in cases_of(function_network(seed), seed)]
    assert problem_of(cases, tmp_path) is None


@pytest.mark.parametrize("first", range(0, NETWORKS, BATCH))
def test_the_passes_change_no_bit(first: int) -> None:
    for seed in range(first, first + BATCH):
        graph = function_network(seed)
        made = optimize(graph)
        for number in range(3):
            given = image(graph, number)
            reference, found = run(made.reference, given), run(made.graph, given)
            for node in made.graph.nodes:
                kept = made.survivors[node.output].of(reference[node.output])
                assert np.array_equal(found[node.output], kept), f"{graph.name}: {node}"
