"""Random networks three ways: tflite-micro, the golden model, and the C, on every tensor."""

from pathlib import Path

import numpy as np

from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from depthwise.codegen.graph import DType
from depthwise.codegen.passes import optimize
from depthwise.codegen.schedule import choose
from tests.support.exactness import problem_of
from tests.support.generated import generated
from tests.support.networks import image
from tests.support.oracles import tflite_micro
from tests.support.programs import Case

BATCH = 25


def equal_networks(first: int, folder: Path) -> tuple[int, int]:
    """Networks and bytes of a batch that are equal three ways. Raises AssertionError naming the first that is not."""
    cases, compared = [], 0
    for seed in range(first, first + BATCH):
        graph = generated(seed)
        given = image(graph, seed)
        golden = run(graph, given)
        for tensor, value in tflite_micro(write_model(graph), graph, given).items():
            assert np.array_equal(value, golden[tensor]), f"seed {seed}: tflite-micro differs at tensor {tensor}"
            compared += value.nbytes
        made = optimize(graph)
        if made.graph.nodes and graph.tensors[graph.inputs[0]].dtype is DType.INT8:
            cases.append(Case.of(f"net{seed}", choose(made.graph), given))
    problem = problem_of(cases, folder)
    assert problem is None, str(problem)
    return BATCH, compared
