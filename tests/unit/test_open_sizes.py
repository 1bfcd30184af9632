"""Shapes that a file leaves open are found where it computes them, and named where it does not."""

import numpy as np
import pytest

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.formats.tflite.file_graph import FileGraph, FileOperator
from depthwise.codegen.formats.tflite.sizes import with_sizes
from depthwise.codegen.graph import DType, Quantization, Tensor

SCALE = Quantization((0.5,), (0,))


def file_graph(vector: np.ndarray | None) -> FileGraph:
    """RESHAPE of [1, 4, 6] to its shape, or to a constant; the file says [1, 1, 1] of the result."""
    tensors = (
        Tensor(0, "x", (1, 4, 6), DType.INT8, SCALE),
        Tensor(1, "shape", (3,), DType.INT32, None, data=vector),
        Tensor(2, "y", (1, 1, 1), DType.INT8, SCALE),
    )
    shape = FileOperator(0, "SHAPE", (0,), (1,), None)
    reshape = FileOperator(1, "RESHAPE", (0, 1), (2,), None)
    operators = (shape, reshape) if vector is None else (reshape,)
    return FileGraph(tensors, operators, (0,), (2,), frozenset(), dynamic=frozenset({2}))


def test_a_shape_that_the_file_computes_is_known() -> None:
    assert with_sizes(file_graph(None)).tensors[2].shape == (1, 4, 6)


def test_one_size_may_be_what_is_left() -> None:
    assert with_sizes(file_graph(np.array([1, -1, 2], np.int32))).tensors[2].shape == (1, 12, 2)


@pytest.mark.parametrize("vector", [[1, -1, -1], [0, 3, 2], [-7, 1, 1]])
def test_a_vector_that_is_no_shape_is_refused(vector: list[int]) -> None:
    with pytest.raises(ModelError, match=r"layer 1 \(RESHAPE\) makes"):
        with_sizes(file_graph(np.array(vector, np.int32)))


def test_an_input_of_an_open_shape_is_refused() -> None:
    graph = file_graph(None)
    with pytest.raises(UnsupportedError, match=r"tensor 0 .*dynamic"):
        with_sizes(FileGraph(graph.tensors, graph.operators, (0,), (2,), frozenset(), dynamic=frozenset({0})))
