"""Networks that remember: variables of files become states, which golden model, passes and plans keep."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.reading import Flatbuffer, Table
from depthwise.codegen.flatbuffer.writing import Field, Fields, Vector, int32, serialize
from depthwise.codegen.formats.tflite.file_graph import FileGraph, FileOperator
from depthwise.codegen.formats.tflite.reader import parse_model
from depthwise.codegen.formats.tflite.variables import resolved
from depthwise.codegen.formats.tflite.writer import write_model
from depthwise.codegen.golden import run, run_sequence
from depthwise.codegen.graph import DType, Graph, Quantization, State, Tensor
from depthwise.codegen.passes import drop_dead, optimize
from depthwise.codegen.passes.intervals import intervals
from depthwise.codegen.schedule import Segments, all_rows, choose, plan_rows, state_copies, whole_tensors
from tests.support.network_builder import Builder
from tests.support.networks import delayed_network, svdf_network
from tests.support.stateful import kept, read, steps_of

SCALE = Quantization((0.5,), (-3,))


def options(**texts: str) -> Table:
    fields: dict[int, Field] = {
        number: Vector(text.encode(), len(text), tail=b"\0") for number, text in enumerate(texts.values())
    }
    return Flatbuffer(serialize(Fields(fields), b"test")).root()


def handle(layer: int, tensor: int, name: str = "v") -> FileOperator:
    return FileOperator(layer, "VAR_HANDLE", (), (tensor,), options(container="", name=name))


def reads(layer: int, variable: int, tensor: int) -> FileOperator:
    return FileOperator(layer, "READ_VARIABLE", (variable,), (tensor,), None)


def assigns(layer: int, variable: int, tensor: int) -> FileOperator:
    return FileOperator(layer, "ASSIGN_VARIABLE", (variable, tensor), (), None)


def adds(layer: int, *tensors: int) -> FileOperator:
    return FileOperator(layer, "ADD", tensors[:-1], tensors[-1:], None)


def file_graph(*operators: FileOperator, constants: tuple[int, ...] = ()) -> FileGraph:
    """A subgraph of eight tensors [1, 2]; tensor 0 is the input, the last operator's first output leaves."""
    data = np.array([[5, 6]], np.int8)
    tensors = tuple(
        Tensor(i, f"t{i}", (1, 2), DType.INT8, SCALE, data=data if i in constants else None) for i in range(8)
    )
    outputs = next(op.outputs for op in reversed(operators) if op.outputs)
    return FileGraph(tensors, operators, (0,), outputs, frozenset())


def no_subgraph(number: int) -> FileGraph:
    raise AssertionError(number)


def test_what_is_read_and_assigned_is_a_state() -> None:
    given = file_graph(handle(0, 7), reads(1, 7, 1), adds(2, 0, 1, 2), assigns(3, 7, 2))
    found = resolved(given, no_subgraph)
    assert [(s.before, s.after, s.initial.tolist()) for s in found.states] == [(1, 2, [[-3, -3]])]
    assert found.operators == (adds(2, 0, 1, 2),)


def test_what_is_never_assigned_is_a_constant_and_what_is_never_read_is_nothing() -> None:
    once = FileOperator(0, "CALL_ONCE", (), (), Flatbuffer(serialize(Fields({0: int32(1)}), b"test")).root())
    first = file_graph(handle(0, 7), assigns(1, 7, 1), constants=(1,))
    given = file_graph(once, handle(1, 7), reads(2, 7, 1), handle(3, 6, "w"), adds(4, 0, 1, 2), assigns(5, 6, 2))
    found = resolved(given, {1: first}.__getitem__)
    data = found.tensors[1].data
    assert data is not None
    assert data.tolist() == [[5, 6]]
    assert found.states == ()
    assert found.initialised_by == {1}


def test_what_is_read_behind_an_assignment_is_what_was_assigned() -> None:
    given = file_graph(handle(0, 7), reads(1, 7, 1), assigns(2, 7, 0), reads(3, 7, 2), adds(4, 1, 2, 3))
    found = resolved(given, no_subgraph)
    assert [(s.before, s.after) for s in found.states] == [(1, 0)]
    assert found.operators == (adds(4, 1, 0, 3),)


@pytest.mark.parametrize(
    ("operators", "message"),
    [
        ((reads(0, 7, 1), adds(1, 0, 1, 2)), "no variable's handle"),
        ((handle(0, 7), assigns(1, 7, 5), reads(2, 7, 1)), "assigns a constant"),
        ((handle(0, 7), FileOperator(1, "READ_VARIABLE", (), (1,), None)), "has 0 inputs"),
        ((handle(0, 7), FileOperator(1, "READ_VARIABLE", (7,), (), None)), "has 0 outputs"),
    ],
)
def test_what_is_no_state_is_named_with_its_layer(operators: tuple[FileOperator, ...], message: str) -> None:
    with pytest.raises(ModelError, match=rf"layer \d \(\w+\) .*{message}"):
        resolved(file_graph(*operators, constants=(5,)), no_subgraph)


def test_an_initial_value_that_is_computed_is_refused_with_the_layer() -> None:
    once = FileOperator(0, "CALL_ONCE", (), (), None)
    with pytest.raises(UnsupportedError, match=r"layer 2 \(ADD\) of the subgraph that initialises"):
        resolved(file_graph(once, handle(1, 7)), lambda _: file_graph(handle(0, 7), handle(1, 6), adds(2, 0, 1, 2)))


def test_a_file_gives_back_states_with_their_initial_values() -> None:
    graph = delayed_network()
    again = parse_model(write_model(graph), graph.name)
    assert [(s.before, s.after, s.initial.tolist()) for s in again.states] == [
        (s.before, s.after, s.initial.tolist()) for s in graph.states
    ]
    assert [(n.op, n.inputs, n.output) for n in again.nodes] == [(n.op, n.inputs, n.output) for n in graph.nodes]
    assert again.notes == ()


def test_a_sequence_goes_on_from_the_states_that_it_is_given() -> None:
    graph = svdf_network(wide=True)
    steps = steps_of(graph.tensors[graph.inputs[0]], 9, seed=1)
    whole = run(graph, steps)
    first = run(graph, steps[:4])
    states = {s.before: first[s.after][-1:] for s in graph.states}
    rest = run_sequence(graph, {graph.inputs[0]: steps[4:]}, states)
    for tensor, values in whole.items():
        assert (values == np.concatenate([first[tensor], rest[tensor]])).all()


def test_a_state_is_before_a_run_what_it_was_behind_the_one_before() -> None:
    graph = delayed_network()
    (state,) = graph.states
    values = run(graph, steps_of(graph.tensors[graph.inputs[0]], 5, seed=2))
    assert (values[state.before][:1] == state.initial).all()
    assert (values[state.before][1:] == values[state.after][:-1]).all()


def test_a_state_that_no_output_depends_on_goes_with_its_layers() -> None:
    build = Builder(3)
    x = build.input(1, 4)
    out, apart = build.relu(x), build.add(x, read(build, (1, 4), build.quantization(x)))
    kept(build, build.nodes[-1].inputs[1], apart, np.zeros((1, 4), np.int8))
    graph = drop_dead(build.finish("n", out))
    assert (len(graph.nodes), graph.states) == (1, ())


def test_a_state_that_only_a_later_run_needs_stays() -> None:
    graph = drop_dead(delayed_network())
    assert len(graph.nodes) == 2
    assert len(graph.states) == 1


def test_intervals_hold_what_a_state_can_come_to_in_many_runs() -> None:
    build = Builder(4)
    x = build.input(1, 3)
    before = read(build, (1, 3), SCALE)
    build.tensors[x] = replace(build.tensors[x], quantization=SCALE)
    total = build.add(x, before)
    build.tensors[total] = replace(build.tensors[total], quantization=SCALE)
    kept(build, before, total, np.full((1, 3), -3, np.int8))
    graph = build.finish("n")
    found = intervals(graph, (-2, -1))
    values = run(graph, np.full((300, 1, 3), -1, np.int8).reshape(300, 3))
    assert values[total].max() > found[x].upper.max()
    assert (found[total].lower <= values[total].min()).all()
    assert (found[total].upper >= values[total].max()).all()


def test_a_state_keeps_the_channels_that_are_left_and_every_bit() -> None:
    build = Builder(5)
    now = build.conv(build.input(1, 5, 4, 3), channels=8, dead=True)
    before = read(build, build.shape(now), build.quantization(now))
    kept(build, before, now, np.full(build.shape(now), build.quantization(now).zero_point, np.int8))
    build.conv(build.add(now, before), channels=2, kernel=(1, 1))
    graph = build.finish("n")
    made = optimize(graph)
    (state,) = made.graph.states
    steps = steps_of(graph.tensors[graph.inputs[0]], 6, seed=3)
    narrow, whole = run(made.graph, steps), run(graph, steps)
    assert (narrow[graph.outputs[0]] == whole[graph.outputs[0]]).all()
    assert state.initial.shape == made.graph.tensors[state.before].shape == made.graph.tensors[state.after].shape
    assert narrow[state.before].shape[-1] < whole[state.before].shape[-1]
    assert (made.survivors[state.before].of(whole[state.before]) == narrow[state.before]).all()


@pytest.mark.parametrize("segments", [all_rows, whole_tensors])
def test_nothing_lies_where_a_state_is_kept_at_any_time(segments: Callable[[Graph], Segments]) -> None:
    for graph in (delayed_network(), svdf_network(wide=False)):
        plan = plan_rows(graph, segments(graph))
        (state,) = graph.states
        own, at = next((group, offset) for group, offset in plan.rings if state.before in group.tensors)
        assert set(own.tensors) <= {state.before, state.after}
        for group, offset in plan.rings:
            assert group is own or offset >= at + own.size or offset + group.size <= at


def test_svdf_changes_its_memory_in_place_and_other_states_are_copied() -> None:
    assert state_copies(choose(svdf_network(wide=True))) == ()
    (copy,) = state_copies(choose(delayed_network()))
    assert copy.source != copy.target


def chain(exchanged: bool) -> Graph:
    """Two variables: one is what the other was; the other is that one, or the input."""
    build = Builder(6)
    x = build.input(1, 3)
    one, other = (read(build, (1, 3), build.quantization(x)) for _ in range(2))
    build.add(build.add(x, one), other)
    kept(build, other, one, np.zeros((1, 3), np.int8))
    kept(build, one, other if exchanged else x, np.ones((1, 3), np.int8))
    return build.finish("chain")


def test_states_are_copied_before_what_they_are_copied_from_is_written_over() -> None:
    plan = choose(chain(exchanged=False))
    first, second = state_copies(plan)
    assert first.source == second.target
    with pytest.raises(UnsupportedError, match="become each other's values"):
        state_copies(choose(chain(exchanged=True)))


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (State(0, 1, np.zeros((1, 11), np.int8)), "no state of this network"),
        (State(1, 2, np.zeros((1, 11), np.int8)), "is read as .* and written as"),
    ],
)
def test_a_state_that_does_not_fit_its_tensors_is_refused(state: State, message: str) -> None:
    build = Builder(7)
    build.dense(build.input(1, 11), 5)
    graph = build.finish("n")
    read_from = Tensor(len(graph.tensors), "before", (1, 11), DType.INT8, SCALE)
    given = replace(state, before=state.before and read_from.index, after=graph.nodes[0].output)
    with pytest.raises(ModelError, match=message):
        replace(graph, tensors=(*graph.tensors, read_from), states=(given,))
