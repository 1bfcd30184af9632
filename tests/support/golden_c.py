"""A compiled network held against the golden model, on every tensor."""

import numpy as np

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array
from tests.support.compiled import Compiled


def images(compiled: Compiled, random: int) -> list[Array]:
    shape = compiled.graph.tensors[compiled.graph.inputs[0]].shape
    rng = np.random.default_rng(1)
    constant = [np.full(shape, value, np.int8) for value in (-128, 127, 0)]
    return [*constant, *(rng.integers(-128, 128, shape, np.int8) for _ in range(random))]


def assert_equal_to_golden(compiled: Compiled, random: int) -> None:
    for image in images(compiled, random):
        golden = run(compiled.graph, image)
        scores, traced = compiled.run(image)
        assert scores.tobytes() == golden[compiled.graph.outputs[0]].tobytes()
        for tensor, data in traced.items():
            assert data == golden[tensor].tobytes(), f"tensor {tensor} differs"
