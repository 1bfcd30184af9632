"""Operators that change a variable tensor become nodes that each write one tensor, and a state; and back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.graph import DType, Graph, State
from depthwise.codegen.operators import SvdfState, UnidirectionalSequenceLstm, UnidirectionalSequenceLstmState
from depthwise.codegen.operators.unidirectional_sequence_lstm_state import made_bytes

from .file_graph import FileGraph, FileOperator
from .variables import filled
from .written import WrittenOperator

SVDF_INPUTS: Final = 5
LSTM: Final = "UNIDIRECTIONAL_SEQUENCE_LSTM"
LSTM_INPUTS: Final = 24
# Places of an LSTM's operands in a file: weights of the input and of the hidden values, biases; states.
LSTM_CONSTANTS: Final = (*range(1, 9), *range(12, 16))
LSTM_STATES: Final = (18, 19)
FIRST_HALVES: Final = (SvdfState.kind, UnidirectionalSequenceLstmState.kind)


def unfolded(graph: FileGraph) -> FileGraph:
    """The subgraph with two operators for each SVDF and LSTM: one writes what is remembered, the other reads it.

    The variable's tensor is what the memory is behind the run, as tflite-micro shows it; what it was before is a new
    tensor behind all others. Raises UnsupportedError for a variable that no such operator changes.
    """
    operators = list[FileOperator]()
    for op in graph.operators:
        if op.name == "SVDF":
            graph, halves = _halves(graph, op)
            operators += halves
        elif op.name == LSTM:
            graph, halves = _lstm_halves(graph, op)
            operators += halves
        else:
            operators.append(op)
    left = graph.variables - {s.after for s in graph.states}
    if left:
        tensor = graph.tensors[min(left)]
        raise UnsupportedError(
            f"tensor {tensor.index} ({tensor.name[:60]!r}) is a variable that no operator changes which is done",
            "state is kept by SVDF, UNIDIRECTIONAL_SEQUENCE_LSTM and resource variables",
        )
    return replace(graph, operators=tuple(operators))


def _halves(graph: FileGraph, op: FileOperator) -> tuple[FileGraph, list[FileOperator]]:
    if len(op.inputs) != SVDF_INPUTS:
        raise ModelError(f"{op} has {len(op.inputs)} inputs, it must have {SVDF_INPUTS}")
    image, feature, time, bias, memory = op.inputs
    if bias < 0:
        raise UnsupportedError(f"{op} has no bias", "tflite-micro needs one: give it zeros")
    if memory not in graph.variables:
        raise ModelError(f"{op} keeps its memory in tensor {memory}, which is no variable")
    graph, before = _with_state(graph, memory)
    first = replace(op, name="SVDF_STATE", inputs=(image, before, feature), outputs=(memory,))
    return graph, [first, replace(op, inputs=(memory, time, bias))]


def _lstm_halves(graph: FileGraph, op: FileOperator) -> tuple[FileGraph, list[FileOperator]]:
    if len(op.inputs) != LSTM_INPUTS or len(op.outputs) != 1:
        raise ModelError(f"{op} has {len(op.inputs)} inputs and {len(op.outputs)} outputs, {LSTM_INPUTS} and 1 are due")
    places = (0, *LSTM_CONSTANTS, *LSTM_STATES)
    if min(op.inputs[i] for i in places) < 0 or any(op.inputs[i] >= 0 for i in range(24) if i not in places):
        raise UnsupportedError(
            f"{op} has coupled gates, peepholes, a projection or normalization", "use a plain LSTM: four gates, biases"
        )
    hidden, cells = (op.inputs[i] for i in LSTM_STATES)
    if not {hidden, cells} <= graph.variables or hidden == cells:
        raise ModelError(f"{op} keeps its state in tensors {hidden} and {cells}, which are no two variables")
    graph, hidden_before = _with_state(graph, hidden)
    graph, cells_before = _with_state(graph, cells)
    image, units = graph.tensors[op.inputs[0]], graph.tensors[hidden].elements
    steps = image.elements // max(image.shape[-1] if image.shape else 1, 1)
    if graph.tensors[op.outputs[0]].elements != steps * units:
        raise ModelError(
            f"{op} writes {graph.tensors[op.outputs[0]].elements} values, {units} in each of {steps} steps"
        )
    shape = (1, made_bytes(steps, units))
    made = replace(graph.tensors[hidden], index=len(graph.tensors), name=f"{op.name}/steps", shape=shape)
    graph = replace(graph, tensors=(*graph.tensors, made))
    given = (op.inputs[0], hidden_before, cells_before, *(op.inputs[i] for i in LSTM_CONSTANTS))
    first = replace(op, name=f"{LSTM}_STATE", inputs=given, outputs=(made.index,))
    return graph, [first, replace(op, inputs=(made.index,), outputs=(*op.outputs, hidden, cells), options=None)]


def _with_state(graph: FileGraph, variable: int) -> tuple[FileGraph, int]:
    """The subgraph with a state that a variable is behind each run, and the tensor that it is before."""
    after = graph.tensors[variable]
    before = replace(after, index=len(graph.tensors), name=f"{after.name}/before")
    # tflite-micro resets int8 variables to their zero point, all others to 0 (`micro_interpreter_graph.cc`).
    initial = filled(after if after.dtype is DType.INT8 else replace(after, quantization=None), after)
    state = State(before.index, variable, initial)
    return replace(graph, tensors=(*graph.tensors, before), states=(*graph.states, state)), before.index


def folded(written: Sequence[WrittenOperator]) -> list[WrittenOperator]:
    """The operators of a graph with both halves of each SVDF in one again."""
    first = {op.outputs[0]: op for op in written if op.kind in FIRST_HALVES}
    whole = {"SVDF": _whole, LSTM: _whole_lstm}
    return [whole[op.kind](op, first) if op.kind in whole else op for op in written if op.kind not in FIRST_HALVES]


def _whole(half: WrittenOperator, first: Mapping[int, WrittenOperator]) -> WrittenOperator:
    memory, time, bias = half.inputs
    image, _, feature = first[memory].inputs
    return replace(half, inputs=(image, feature, time, bias, memory))


def _whole_lstm(half: WrittenOperator, first: Mapping[int, WrittenOperator]) -> WrittenOperator:
    image, _, _, *constants = first[half.inputs[0]].inputs
    output, *states = half.outputs
    inputs = [-1] * LSTM_INPUTS
    for place, tensor in zip((0, *LSTM_CONSTANTS, *LSTM_STATES), (image, *constants, *states), strict=True):
        inputs[place] = tensor
    return replace(half, inputs=tuple(inputs), outputs=(output,))


def variable_tensors(graph: Graph) -> tuple[State, ...]:
    """States that an operator of the file keeps in a variable tensor."""
    kept = {n.output for n in graph.nodes if isinstance(n.op, SvdfState | UnidirectionalSequenceLstm)}
    return tuple(s for s in graph.states if s.after in kept)


def made_tensors(graph: Graph) -> frozenset[int]:
    """Tensors that a file does not have: those that a reader adds for such operators."""
    steps = {n.output for n in graph.nodes if isinstance(n.op, UnidirectionalSequenceLstmState)}
    return frozenset(steps | {s.before for s in variable_tensors(graph)})
