"""States written as resource variables: handles, reads in front of all operators, assignments behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.flatbuffer.writing import Fields, Scalar, Vector, int32, integers
from depthwise.codegen.formats.tflite import schema
from depthwise.codegen.graph import Graph, State, Tensor
from depthwise.codegen.operators.parts.writing import Coded

from .variables import CALL_ONCE_SUBGRAPH, HANDLE_CONTAINER, HANDLE_NAME
from .written import WrittenOperator

# Numbers in the union BuiltinOptions.
NO_OPTIONS: Final = 0
CALL_ONCE_OPTIONS: Final = 103
VAR_HANDLE_OPTIONS: Final = 111
NOTHING: Final = Coded(1, NO_OPTIONS, Fields())


@dataclass(frozen=True, slots=True)
class WrittenVariables:
    """Handles, operators around the graph's own, and the subgraph that initialises: its operators and constants."""

    handles: tuple[Fields, ...]
    begin: tuple[WrittenOperator, ...]
    end: tuple[WrittenOperator, ...]
    initial: tuple[WrittenOperator, ...]
    constants: tuple[Tensor, ...]


def written_variables(graph: Graph, states: Sequence[State], count: int) -> WrittenVariables:
    """Operators and tensors for some states of a graph whose first subgraph has `count` other tensors."""
    if not states:
        return WrittenVariables((), (), (), (), ())
    once = WrittenOperator("CALL_ONCE", Coded(1, CALL_ONCE_OPTIONS, Fields({CALL_ONCE_SUBGRAPH: int32(1)})), (), ())
    numbered = list(enumerate(states))
    reads = [WrittenOperator("READ_VARIABLE", NOTHING, (count + n,), (s.before,)) for n, s in numbered]
    ends = [_assign(count + n, s.after) for n, s in numbered]
    initial = [op for n, _ in numbered for op in (_handle(n, n), _assign(n, len(states) + n))]
    begin = (once, *(_handle(n, count + n) for n, _ in numbered), *reads)
    constants = tuple(_constant(graph, n, s) for n, s in numbered)
    return WrittenVariables(tuple(_tensor(n) for n, _ in numbered), begin, tuple(ends), tuple(initial), constants)


def _name(number: int) -> Vector:
    name = f"state{number}".encode()
    return Vector(name, len(name), tail=b"\0")


def _handle(number: int, tensor: int) -> WrittenOperator:
    options = Fields({HANDLE_CONTAINER: Vector(b"", 0, tail=b"\0"), HANDLE_NAME: _name(number)})
    return WrittenOperator("VAR_HANDLE", Coded(1, VAR_HANDLE_OPTIONS, options), (), (tensor,))


def _assign(handle: int, value: int) -> WrittenOperator:
    return WrittenOperator("ASSIGN_VARIABLE", NOTHING, (handle, value), ())


def _constant(graph: Graph, number: int, state: State) -> Tensor:
    """The initial value as a tensor whose buffer follows those of the graph."""
    after = graph.tensors[state.after]
    index = len(graph.tensors) + number
    return Tensor(index, f"initial{number}", after.shape, after.dtype, after.quantization, data=state.initial)


def _tensor(number: int) -> Fields:
    return Fields(
        {
            schema.TENSOR_SHAPE: integers(()),
            schema.TENSOR_TYPE: Scalar("b", schema.TENSOR_TYPES.index("RESOURCE")),
            schema.TENSOR_BUFFER: Scalar("I", 0),
            schema.TENSOR_NAME: _name(number),
        }
    )
