"""The golden model on real and on random networks: every tensor against tflite-micro, and batches."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pytest

from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run
from tests.support.int8_images import IMAGES, input_shape, noise
from tests.support.models import INT8_MODELS, model_path
from tests.support.networks import image as noise_image
from tests.support.networks import random_network
from tests.support.oracles import differing, tflite_micro

RANDOM_NETWORKS: Final = 150


@pytest.mark.parametrize("model", INT8_MODELS)
def test_every_byte_of_every_tensor_equals_tflite_micro(
    model: str, record_property: Callable[[str, object], None]
) -> None:
    path = model_path(model)
    graph, data = read_model(path), path.read_bytes()
    tensors = compared = 0
    for kind, image in IMAGES.items():
        given = image(input_shape(graph))
        mine, theirs = run(graph, given), tflite_micro(data, graph, given)
        assert set(mine) == {*graph.inputs, *theirs}
        for index, expected in theirs.items():
            name = graph.tensors[index].name
            assert mine[index].dtype == expected.dtype, f"{kind}: tensor {index} ({name})"
            differing = np.count_nonzero(mine[index].ravel() != expected.ravel())
            assert differing == 0, f"{kind}: {differing} of {expected.size} differ in tensor {index} ({name})"
            tensors, compared = tensors + 1, compared + expected.nbytes
    record_property("tensors compared", tensors)
    record_property("bytes compared", compared)
    print(f"{model}: {tensors} tensors, {compared:,} bytes compared, 0 differ")  # noqa: T201


@pytest.mark.parametrize("model", INT8_MODELS)
def test_a_batch_gives_what_its_images_give_alone(model: str) -> None:
    graph = read_model(model_path(model))
    images = noise(4)((3, *input_shape(graph)[1:]))
    together = run(graph, images)
    for i in range(len(images)):
        alone = run(graph, images[i : i + 1])
        for node in graph.nodes:
            if node.op.kind not in ("SHAPE", "STRIDED_SLICE", "PACK"):
                assert np.array_equal(together[node.output][i], alone[node.output][0]), str(node)


@pytest.mark.parametrize("first", range(0, RANDOM_NETWORKS, 10))
def test_random_networks_equal_tflite_micro_on_every_tensor(first: int) -> None:
    for seed in range(first, first + 10):
        graph = random_network(seed)
        data = write_model(graph)
        swings = np.where(np.indices(noise_image(graph).shape).sum(axis=0) % 2, -128, 127).astype(np.int8)
        for given in (noise_image(graph, seed), np.full_like(swings, -128), np.full_like(swings, 127), swings):
            assert differing(graph, given, data) == {}, graph.name
