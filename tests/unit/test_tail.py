"""Which layers behind a network are left to the caller."""

from typing import Final

from depthwise.codegen.formats.tflite.file_graph import FileOperator
from depthwise.codegen.formats.tflite.tail import Body, without_tail

# x, scores, the place of the largest, half of it, that in floats and in int8, its sum with scores, what is made of it.
TYPES: Final = ("INT8", "INT8", "INT32", "INT32", "FLOAT32", "INT8", "INT8", "INT8")


def looked_up(last: str) -> Body:
    """Scores, and arithmetic with the place of the largest one, by an operator that is not done; then one more."""
    operators = (
        FileOperator(0, "FULLY_CONNECTED", (0,), (1,), None),
        FileOperator(1, "ARG_MAX", (1,), (2,), None),
        FileOperator(2, "FLOOR_DIV", (2,), (3,), None),
        FileOperator(3, "CAST", (3,), (4,), None),
        FileOperator(4, "QUANTIZE", (4,), (5,), None),
        FileOperator(5, "ADD", (5, 1), (6,), None),
        FileOperator(6, last, (6,), (7,), None),
    )
    return without_tail(operators, (7,), TYPES)


def test_what_is_looked_up_by_indices_behind_the_last_weights_is_left_to_the_caller() -> None:
    body = looked_up("RELU")
    assert [op.layer for op in body.operators] == [0, 1]
    assert body.outputs == (2, 1)
    assert [op.layer for op in body.left_out] == [2, 3, 4, 5, 6]


def test_indices_in_front_of_weights_are_part_of_the_network() -> None:
    body = looked_up("FULLY_CONNECTED")
    assert len(body.operators) == 7
    assert not body.left_out


def test_an_unknown_operator_of_8_bits_is_part_of_the_network() -> None:
    operators = (
        FileOperator(0, "FULLY_CONNECTED", (0,), (1,), None),
        FileOperator(1, "CUMSUM", (1,), (5,), None),
    )
    assert not without_tail(operators, (5,), TYPES).left_out
