"""Layers whose input rows are scattered into the output: which do, what their plans keep, that nothing is lost."""

import pytest

from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.operators.parts.rows import MappedRows, RowAccess, ScatteredRows, Whole
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import all_rows, choose, plan_rows, state_bytes
from depthwise.codegen.schedule.reads import access_of, calls_of, rows_touched, rows_written, span
from depthwise.codegen.targets.cores import CORES
from tests.support.network_builder import Builder
from tests.support.operator_networks import operator_network
from tests.support.replay import plans
from tests.support.scattered_networks import SEEDS, scattered, scatters

Shape = tuple[int, ...]


def transposed(shape: Shape, *permutation: int, ends: bool = True) -> Graph:
    build = Builder(1)
    moved = build.transpose(build.input(*shape), *permutation)
    return build.finish("transposed") if ends else build.finish("transposed", build.conv(moved, 2, (1, 1)))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_byte_is_where_it_is_read_by_any_schedule(seed: int) -> None:
    for plan in plans(lower(scattered(seed)), seed):
        assert plan.arena_bytes >= plan.lower_bound_bytes


def test_most_of_the_random_networks_scatter_rows() -> None:
    found = [scatters(lower(scattered(seed))) for seed in SEEDS]
    assert sum(n > 0 for n in found) > len(SEEDS) // 2
    assert max(found) > 1


@pytest.mark.parametrize(
    ("shape", "permutation", "ends", "access"),
    [
        ((1, 20, 9, 8), (0, 2, 1, 3), True, ScatteredRows),
        ((1, 20, 9, 8), (0, 2, 1, 3), False, ScatteredRows),
        ((1, 20, 9, 8), (0, 3, 1, 2), True, ScatteredRows),
        ((1, 20, 9, 8), (0, 2, 3, 1), True, ScatteredRows),
        ((1, 6, 7, 8), (0, 2, 1, 3), True, ScatteredRows),
        ((1, 6, 7, 8), (0, 2, 1, 3), False, MappedRows),  # rows of the output go on one by one
        ((1, 20, 9, 8), (0, 1, 3, 2), True, MappedRows),  # row by row
        ((1, 1, 9, 8), (0, 2, 1, 3), True, Whole),
        ((1, 20, 72), (0, 2, 1), True, Whole),
    ],
)
def test_rows_are_scattered_where_the_whole_output_is_kept_and_not_the_whole_input(
    shape: Shape, permutation: Shape, ends: bool, access: type[RowAccess]
) -> None:
    graph = transposed(shape, *permutation, ends=ends)
    assert type(access_of(graph, graph.nodes[0])) is access


def test_nothing_is_scattered_of_an_input_that_is_kept_whole() -> None:
    build = Builder(2)
    x = build.relu(build.input(1, 20, 9, 8), rescale=True)
    graph = build.finish("kept", build.transpose(x, 0, 2, 1, 3), x)
    assert isinstance(access_of(graph, graph.nodes[1]), Whole)


def test_a_call_takes_a_row_and_the_last_one_finishes_all() -> None:
    graph = transposed((1, 20, 9, 8), 0, 3, 1, 2)
    (node,) = graph.nodes
    access = access_of(graph, node)
    assert isinstance(access, ScatteredRows)
    assert [access.start.at(y) for y in range(3)] == [0, 9, 18]
    assert calls_of(graph, node) == 20
    assert [span(graph, node, 0, call) for call in (0, 19)] == [(0, 0), (19, 19)]
    assert [rows_touched(access, 20, 8, call) for call in (0, 19)] == [(0, 7), (0, 7)]
    written = [rows_written(access, 20, 8, call) for call in (0, 18, 19)]
    assert written[-1] == (0, 7)
    assert all(first > last for first, last in written[:-1])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ["TRANSPOSE", "TRANSPOSE of channels"])
def test_a_transposition_keeps_its_output_and_a_row_of_its_input(name: str, seed: int) -> None:
    graph = lower(operator_network(name, seed))
    image, plan = graph.tensors[graph.inputs[0]], choose(graph, "rows")
    assert plan.arena_bytes == plan.lower_bound_bytes == image.nbytes + image.row_bytes
    assert state_bytes(plan) == plan.arena_bytes + 4


def test_the_output_lives_from_the_first_row_on() -> None:
    graph = transposed((1, 20, 9, 8), 0, 2, 1, 3)
    plan = plan_rows(graph, all_rows(graph))
    (output,) = (group for group, _ in plan.rings if graph.outputs[0] in group.tensors)
    assert output.first == 1  # behind the first row that arrives
    assert plan.ring_of(graph.inputs[0])[1] == 1


@pytest.mark.parametrize("core", CORES)
def test_every_core_has_a_kernel_that_scatters(core: str) -> None:
    for graph in (lower(scattered(seed)) for seed in SEEDS[:24]):
        kernels = choose_kernels(graph, CORES[core].families)
        for node in (n for n in graph.nodes if isinstance(access_of(graph, n), ScatteredRows)):
            assert kernels.name(node) in {"move", "transpose_dsp"}
