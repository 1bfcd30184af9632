"""A subgraph as the file has it, before its operators become nodes."""

from dataclasses import KW_ONLY, dataclass

from depthwise.codegen.flatbuffer.reading import Table
from depthwise.codegen.graph import Operation, State, Tensor


@dataclass(frozen=True, slots=True)
class FileOperator:
    """An operator before its attributes are read; `layer` is its position, −1 stands for an input that is not given.

    `made` are attributes where they are not read from `options`: of what stands for several operators.
    """

    layer: int
    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Table | None
    _: KW_ONLY
    made: Operation | None = None

    def __str__(self) -> str:
        return f"layer {self.layer} ({self.name})"


@dataclass(frozen=True, slots=True)
class FileGraph:
    """Tensors, operators and ends of a subgraph; `variables` are tensors that operators change from run to run.

    `states` are what the variables have become so far, `initialised_by` the subgraphs that say how they begin.
    `dynamic` are tensors some of whose sizes behind the batch are open. `notes` are for the user.
    """

    tensors: tuple[Tensor, ...]
    operators: tuple[FileOperator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    variables: frozenset[int]
    _: KW_ONLY
    states: tuple[State, ...] = ()
    initialised_by: frozenset[int] = frozenset()
    dynamic: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
