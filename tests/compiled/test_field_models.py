"""Models of the field, input to output: every int8 tensor against tflite-micro, and the C against the golden model."""

from pathlib import Path
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.golden import run
from depthwise.codegen.graph import Array, DType, Tensor
from depthwise.codegen.passes import PassOptions, optimize
from tests.support.compiled import compile_network
from tests.support.models import model_path, read
from tests.support.oracles import tflite_micro

MODELS: Final = ("fomo_face_detection", "lenet_log_softmax")


def given(tensor: Tensor, seed: int) -> Array:
    """A random input of a model's own type."""
    rng = np.random.default_rng(seed)
    if tensor.dtype is DType.FLOAT32:
        return rng.uniform(0, 1, tensor.shape).astype(np.float32)
    limits = np.iinfo(tensor.dtype.value)
    return rng.integers(limits.min, limits.max + 1, tensor.shape).astype(tensor.dtype.value)


@pytest.mark.parametrize("name", MODELS)
def test_every_int8_tensor_is_that_of_tflite_micro(name: str) -> None:
    graph = read(name)
    for seed in range(2):
        image = given(graph.tensors[graph.inputs[0]], seed)
        mine, theirs = run(graph, image), tflite_micro(model_path(name).read_bytes(), graph, image)
        for node in graph.nodes:
            if graph.output_of(node).dtype is DType.INT8:
                assert np.array_equal(mine[node.output].ravel(), theirs[node.output].ravel()), str(node)


@pytest.mark.parametrize("name", MODELS)
def test_the_c_gives_what_the_golden_model_gives(name: str, tmp_path: Path) -> None:
    graph = read(name)
    reference = optimize(graph).reference
    compiled = compile_network(graph, tmp_path, passes=PassOptions())
    for seed in range(2):
        image = given(reference.tensors[reference.inputs[0]], seed)
        scores, _ = compiled.run(image)
        assert scores.tobytes() == run(reference, image)[reference.outputs[0]].tobytes()
