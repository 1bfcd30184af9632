"""The comparison with the golden model itself: what it must not let pass."""

from depthwise.codegen.graph import Array
from depthwise.codegen.operators.costs import total_macs
from tests.support.exactness import difference, multiplied
from tests.support.exactness_cases import case
from tests.support.programs import SCORES, Case, Rows


def as_the_golden_model_says(of: Case, number: int) -> dict[int, Rows]:
    graph = of.plan.graph
    tensors = [n.output for n in graph.nodes]
    rows: dict[int, Rows] = {t: list(enumerate(split(of.golden[t][number], graph.tensors[t].rows))) for t in tensors}
    return {**rows, SCORES: [(0, of.golden[graph.outputs[0]][number].tobytes())]}


def split(tensor: Array, rows: int) -> list[bytes]:
    return [row.tobytes() for row in tensor.reshape(rows, -1)]


def test_what_the_golden_model_says_passes() -> None:
    given = case("net")
    assert difference(given, 0, as_the_golden_model_says(given, 0)) == ""
    assert multiplied(given, as_the_golden_model_says(given, 0)) == total_macs(given.plan.graph)


def test_a_row_that_is_computed_twice_is_told_and_counted() -> None:
    given = case("net")
    rows = as_the_golden_model_says(given, 0)
    convolution = given.plan.graph.nodes[1].output
    rows[convolution].append(rows[convolution][-1])
    assert f"rows of tensor {convolution} were computed in the order [0, 1, 2, 3, 3]" in difference(given, 0, rows)
    assert multiplied(given, rows) > total_macs(given.plan.graph)


def test_a_tensor_that_is_never_computed_is_told() -> None:
    given = case("net")
    rows = as_the_golden_model_says(given, 0)
    del rows[given.plan.graph.nodes[0].output]
    assert "were computed in the order []" in difference(given, 0, rows)


def test_one_wrong_bit_of_one_row_is_told() -> None:
    given = case("net")
    rows = as_the_golden_model_says(given, 4)
    tensor = given.plan.graph.nodes[0].output
    row, data = rows[tensor][2]
    rows[tensor][2] = row, bytes([data[0] ^ 1, *data[1:]])
    assert difference(given, 4, rows) == f"image 4: tensor {tensor} differs"
