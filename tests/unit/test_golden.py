"""The golden model on real networks: every tensor against tflite-micro, batches, and what it refuses."""

import numpy as np
import pytest

from depthwise.codegen.errors import InputError, UnsupportedError
from depthwise.codegen.formats.tflite.reader import read_model
from depthwise.codegen.golden import run
from tests.support.int8_images import input_shape, noise
from tests.support.models import model_path


def test_an_input_may_be_given_by_its_tensor_index() -> None:
    graph = read_model(model_path("kws_dscnn_int8"))
    image = noise(5)(input_shape(graph))
    by_index, by_itself = run(graph, {graph.inputs[0]: image}), run(graph, image)
    assert all(np.array_equal(by_index[i], by_itself[i]) for i in by_itself)


def test_the_given_input_is_left_as_it_was() -> None:
    graph = read_model(model_path("kws_dscnn_int8"))
    image = noise(6)(input_shape(graph))
    before = image.copy()
    run(graph, image)
    assert np.array_equal(image, before)


def test_an_image_of_the_wrong_size_is_refused_with_both_shapes() -> None:
    graph = read_model(model_path("kws_dscnn_int8"))
    with pytest.raises(InputError, match=r"(?s)\(1, 48, 10, 1\).*49, 10, 1"):
        run(graph, np.zeros((1, 48, 10, 1), np.int8))


def test_an_image_without_a_batch_dimension_is_refused() -> None:
    graph = read_model(model_path("kws_dscnn_int8"))
    with pytest.raises(InputError, match=r"\(49, 10, 1\)"):
        run(graph, np.zeros((49, 10, 1), np.int8))


def test_an_image_of_the_wrong_type_is_refused_with_both_types() -> None:
    graph = read_model(model_path("kws_dscnn_int8"))
    with pytest.raises(InputError, match=r"uint8.*int8"):
        run(graph, np.zeros((1, 49, 10, 1), np.uint8))


def test_a_missing_input_is_named() -> None:
    graph = read_model(model_path("kws_dscnn_int8"))
    with pytest.raises(InputError, match="input tensor 0"):
        run(graph, {})


def test_a_float_network_is_refused_with_the_next_step() -> None:
    graph = read_model(model_path("ic_resnet8_float"))
    with pytest.raises(UnsupportedError, match="depthwise quantize"):
        run(graph, np.zeros(input_shape(graph), np.float32))
