"""Resource variables: what a run reads of one and assigns to it becomes a state of the network.

As tflite-micro has them (`kernels/var_handle.cc`, `read_variable.cc`, `assign_variable.cc`, `call_once.cc`,
`micro_resource_variable.cc`): values are bytes; one that nothing initialises begins as the zero point in each of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from depthwise.codegen.errors import ModelError, UnsupportedError
from depthwise.codegen.flatbuffer.reading import empty_table
from depthwise.codegen.graph import Array, State, Tensor

from .file_graph import FileGraph, FileOperator

KINDS: Final = ("CALL_ONCE", "VAR_HANDLE", "READ_VARIABLE", "ASSIGN_VARIABLE")
CALL_ONCE_SUBGRAPH: Final = 0
HANDLE_CONTAINER, HANDLE_NAME = 0, 1

# Container and name; their lengths, since long names are read in part.
Variable = tuple[str, str, int, int]


@dataclass(slots=True)
class _Found:
    """What one walk over the operators has found: handles by tensor, values by variable, tensors that are others.

    `once` are subgraphs that are run at first.
    """

    handles: dict[int, Variable] = field(default_factory=dict)
    initial: dict[Variable, Array] = field(default_factory=dict)
    before: dict[Variable, int] = field(default_factory=dict)
    now: dict[Variable, int] = field(default_factory=dict)
    same: dict[int, int] = field(default_factory=dict)
    once: set[int] = field(default_factory=set)


def resolved(graph: FileGraph, subgraph: Callable[[int], FileGraph]) -> FileGraph:
    """The subgraph without operators on variables; `subgraph` gives another one of the file, by number.

    Raises ModelError or UnsupportedError for what is no state: an initial value that is computed, a constant that is
    assigned, a variable read as two kinds of tensor.
    """
    if not any(op.name in KINDS for op in graph.operators):
        return graph
    found, kept = _Found(), list[FileOperator]()
    for given in graph.operators:
        op = replace(given, inputs=tuple(found.same.get(i, i) for i in given.inputs))
        if op.name in KINDS:
            _take(graph, op, found, subgraph)
        else:
            kept.append(op)
    outputs = tuple(found.same.get(i, i) for i in graph.outputs)
    states = tuple(_state(graph, v, before, found) for v, before in found.before.items() if found.now[v] != before)
    constants = {before: _initial(graph, v, found) for v, before in found.before.items() if found.now[v] == before}
    tensors = tuple(replace(t, data=constants.get(t.index, t.data)) for t in graph.tensors)
    return replace(
        graph,
        tensors=tensors,
        operators=tuple(kept),
        outputs=outputs,
        states=states,
        initialised_by=frozenset(found.once),
    )


def _take(graph: FileGraph, op: FileOperator, found: _Found, subgraph: Callable[[int], FileGraph]) -> None:
    options = op.options or empty_table()
    match op.name:
        case "CALL_ONCE":
            number = options.scalar(CALL_ONCE_SUBGRAPH, "i")
            found.initial |= _initial_values(subgraph(number))
            found.once.add(number)
        case "VAR_HANDLE":
            found.handles[_only(op, op.outputs)] = _variable(op)
        case "READ_VARIABLE":
            _read(graph, op, found)
        case _:
            variable, value = _handle(op, found.handles), _operand(op, 1)
            if graph.tensors[value].data is not None:
                raise UnsupportedError(
                    f"{op} assigns a constant to a variable", "put it into the variable's initial value"
                )
            found.now[variable] = value


def _read(graph: FileGraph, op: FileOperator, found: _Found) -> None:
    """The first one reads the state; behind it, or behind an assignment, the value is a tensor already."""
    variable, tensor = _handle(op, found.handles), _only(op, op.outputs)
    if variable not in found.now:
        found.before[variable] = found.now[variable] = tensor
        return
    value = found.now[variable]
    if _kind(graph.tensors[value]) != _kind(graph.tensors[tensor]):
        raise UnsupportedError(
            f"{op} reads a variable as tensor {tensor}, which has another type, shape or scale than tensor {value}",
            "convert the model again: a variable has one of each",
        )
    found.same[tensor] = value


def _kind(tensor: Tensor) -> tuple[object, ...]:
    return tensor.shape, tensor.dtype, tensor.quantization


def _state(graph: FileGraph, variable: Variable, before: int, found: _Found) -> State:
    return State(before, found.now[variable], _initial(graph, variable, found))


def _initial(graph: FileGraph, variable: Variable, found: _Found) -> Array:
    tensor = graph.tensors[found.before[variable]]
    given = found.initial.get(variable)
    if given is None:
        return filled(graph.tensors[found.now[variable]], tensor)
    if (given.dtype, given.size) != (np.dtype(tensor.dtype.value), tensor.elements):
        raise ModelError(
            f"variable {variable[1]!r} begins as {given.size} {given.dtype}, "
            f"it is read as {tensor.elements} {tensor.dtype.value}"
        )
    return given.reshape(tensor.shape)


def filled(quantized: Tensor, tensor: Tensor) -> Array:
    """A tensor's value with the low byte of a zero point in each of its bytes."""
    zero = 0 if quantized.quantization is None else quantized.quantization.zero_points[0]
    return np.frombuffer(bytes([zero % 256]) * tensor.nbytes, np.dtype(tensor.dtype.value)).reshape(tensor.shape)


def _initial_values(graph: FileGraph) -> Mapping[Variable, Array]:
    """What a subgraph that is run once assigns: constants."""
    handles, values = dict[int, Variable](), dict[Variable, Array]()
    for op in graph.operators:
        if op.name == "VAR_HANDLE":
            handles[_only(op, op.outputs)] = _variable(op)
            continue
        value = graph.tensors[_operand(op, 1)].data if op.name == "ASSIGN_VARIABLE" else None
        if value is None:
            raise UnsupportedError(
                f"{op} of the subgraph that initialises variables computes a value",
                "initialise variables with constants",
            )
        values[_handle(op, handles)] = value
    return values


def _variable(op: FileOperator) -> Variable:
    options = op.options or empty_table()
    texts = options.text(HANDLE_CONTAINER), options.text(HANDLE_NAME)
    return *texts, options.count(HANDLE_CONTAINER), options.count(HANDLE_NAME)


def _handle(op: FileOperator, handles: Mapping[int, Variable]) -> Variable:
    tensor = _operand(op, 0)
    if tensor not in handles:
        raise ModelError(f"{op} reads tensor {tensor}, which is no variable's handle")
    return handles[tensor]


def _operand(op: FileOperator, position: int) -> int:
    if position >= len(op.inputs):
        raise ModelError(f"{op} has {len(op.inputs)} inputs, it takes {position + 1} or more")
    return op.inputs[position]


def _only(op: FileOperator, tensors: tuple[int, ...]) -> int:
    if len(tensors) != 1:
        raise ModelError(f"{op} has {len(tensors)} outputs, it must have 1")
    return tensors[0]
