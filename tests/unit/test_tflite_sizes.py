"""Sizes that a file leaves open are found by following what computes them, or the tensor is named."""

from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.formats.tflite.file_graph import FileGraph, FileOperator
from depthwise.codegen.formats.tflite.sizes import with_sizes
from depthwise.codegen.graph import Array, DType, Quantization, Tensor

SCALE = Quantization((0.1,), (3,))


def tensor(index: int, *shape: int, data: Array | None = None) -> Tensor:
    dtype = DType.INT8 if data is None else DType(data.dtype.name)
    return Tensor(index, f"t{index}", shape, dtype, SCALE if data is None else None, data=data)


def constant(index: int, values: Array) -> Tensor:
    return tensor(index, *values.shape, data=values)


def pixels(wanted: tuple[int, ...] = (-1, 6)) -> FileGraph:
    """A map as a list of pixels, each times a matrix, an offset added; sizes of the list are open."""
    tensors = (
        tensor(0, 1, 5, 4, 6),
        constant(1, np.array(wanted, np.int32)),
        tensor(2, 1, 1),
        constant(3, np.zeros((3, 6), np.int8)),
        tensor(4, 1, 3),
        constant(5, np.zeros(3, np.int8)),
        tensor(6, 1, 3),
    )
    operators = (
        FileOperator(0, "RESHAPE", (0, 1), (2,), None),
        FileOperator(1, "FULLY_CONNECTED", (2, 3, -1), (4,), None),
        FileOperator(2, "ADD", (4, 5), (6,), None),
    )
    return FileGraph(tensors, operators, (0,), (6,), frozenset(), dynamic=frozenset({2}))


def test_sizes_are_followed_from_a_reshape_through_matrices_and_sums() -> None:
    found = with_sizes(pixels())
    assert [found.tensors[i].shape for i in (2, 4, 6)] == [(20, 6), (20, 3), (20, 3)]
    assert not found.dynamic


def test_a_file_without_open_sizes_stays_as_it_is() -> None:
    given = replace(pixels(), dynamic=frozenset())
    assert with_sizes(given) is given


def test_sizes_that_shape_arithmetic_gives_are_computed() -> None:
    given = pixels()
    tensors = [*given.tensors, *(replace(tensor(7), shape=(4,), dtype=DType.INT32, quantization=None),)]
    tensors[1] = replace(tensors[1], data=None)
    product = (
        FileOperator(0, "SHAPE", (0,), (7,), None),
        FileOperator(1, "MUL", (7, 8), (1,), None),
        FileOperator(2, "RESHAPE", (0, 1), (2,), None),
    )
    tensors.append(constant(8, np.array([1, 1, 2, 1], np.int32)))
    tensors[0] = replace(tensors[0], shape=(1, 4, 2, 8))
    tensors[1] = replace(tensors[1], shape=(4,))
    made = FileGraph(tuple(tensors), product, (0,), (2,), frozenset(), dynamic=frozenset({2}))
    with pytest.raises(ModelError, match=r"layer 2 \(RESHAPE\) makes \(1, 4, 4, 8\) of 64 elements"):
        with_sizes(made)


def test_sizes_that_do_not_divide_are_refused() -> None:
    with pytest.raises(ModelError, match=r"layer 0 \(RESHAPE\) makes \(-1, 7\) of 120 elements"):
        with_sizes(pixels((-1, 7)))


def test_open_sizes_of_an_input_and_of_other_operators_are_refused_by_name() -> None:
    with pytest.raises(UnsupportedError, match=r"tensor 0 .* dynamic shape"):
        with_sizes(replace(pixels(), dynamic=frozenset({0})))
    told_by_nothing = FileOperator(0, "RESHAPE", (0,), (2,), None)
    with pytest.raises(UnsupportedError, match=r"tensor 2 .* dynamic shape"):
        with_sizes(replace(pixels(), operators=(told_by_nothing,)))


def test_behind_an_operator_of_open_sizes_those_of_the_file_are_not_believed() -> None:
    given = pixels()
    joined = FileOperator(1, "CONCATENATION", (2, 2), (4,), None)
    found = with_sizes(replace(given, operators=(given.operators[0], joined)))
    assert [found.tensors[i].shape for i in (2, 4)] == [(20, 6), (40, 6)]


def computed_shape(vector: np.ndarray | None) -> FileGraph:
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
    assert with_sizes(computed_shape(None)).tensors[2].shape == (1, 4, 6)


def test_one_size_may_be_what_is_left() -> None:
    assert with_sizes(computed_shape(np.array([1, -1, 2], np.int32))).tensors[2].shape == (1, 12, 2)


@pytest.mark.parametrize("vector", [[1, -1, -1], [0, 3, 2], [-7, 1, 1]])
def test_a_vector_that_is_no_shape_is_refused(vector: list[int]) -> None:
    with pytest.raises(ModelError, match=r"layer 1 \(RESHAPE\) makes"):
        with_sizes(computed_shape(np.array(vector, np.int32)))


def test_an_input_of_an_open_shape_is_refused_whatever_follows() -> None:
    graph = computed_shape(None)
    with pytest.raises(UnsupportedError, match=r"tensor 0 .*dynamic"):
        with_sizes(FileGraph(graph.tensors, graph.operators, (0,), (2,), frozenset(), dynamic=frozenset({0})))


def test_what_is_filled_and_moved_has_sizes_that_follow() -> None:
    """FILL of [batch, 3], where the batch is that of [1, 4, 6]; PACK of two of it, their axes exchanged."""
    tensors = (
        Tensor(0, "x", (1, 4, 6), DType.INT8, SCALE),
        Tensor(1, "shape", (3,), DType.INT32, None),
        Tensor(2, "zero", (1,), DType.INT32, None, data=np.array([0], np.int32)),
        Tensor(3, "one", (1,), DType.INT32, None, data=np.array([1], np.int32)),
        Tensor(4, "batch", (1,), DType.INT32, None),
        Tensor(5, "channels", (1,), DType.INT32, None, data=np.array([3], np.int32)),
        Tensor(6, "sizes", (2,), DType.INT32, None),
        Tensor(7, "value", (), DType.INT8, SCALE, data=np.array(5, np.int8)),
        *(Tensor(i, "y", (1,), DType.INT8, SCALE) for i in (8, 9, 10)),
        Tensor(11, "order", (3,), DType.INT32, None, data=np.array([2, 1, 0], np.int32)),
    )
    operators = (
        FileOperator(0, "SHAPE", (0,), (1,), None),
        FileOperator(1, "STRIDED_SLICE", (1, 2, 3, 3), (4,), None),
        FileOperator(2, "CONCATENATION", (4, 5), (6,), None),
        FileOperator(3, "FILL", (6, 7), (8,), None),
        FileOperator(4, "PACK", (8, 8), (9,), None),
        FileOperator(5, "TRANSPOSE", (9, 11), (10,), None),
    )
    found = with_sizes(FileGraph(tensors, operators, (0,), (10,), frozenset(), dynamic=frozenset({8, 9, 10})))
    assert [found.tensors[i].shape for i in (8, 9, 10)] == [(1, 3), (2, 1, 3), (3, 1, 2)]
