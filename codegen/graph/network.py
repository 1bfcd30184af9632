"""The network as data: typed, frozen tensors and operations, checked when built.

Tensors keep the index they have in the model file through every pass, so a trace, a report or an error
always speaks of the user's own tensors. Activations are NHWC with batch 1. A `Node` applies one operation
(its attributes, one dataclass per TensorFlow Lite operator) to tensors, in execution order.
What the operations are, and all that is known of them, lives in `codegen/operators`.
"""

from dataclasses import KW_ONLY, Field, dataclass
from enum import Enum
from math import prod
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.errors import ModelError

Array = NDArray[np.generic]


class Operation(Protocol):
    """Attributes of an operator, a frozen dataclass; `kind` is the operator's name in TensorFlow Lite."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    kind: ClassVar[str]


class DType(Enum):
    """Element type of a tensor; the value is numpy's name for it."""

    INT8 = "int8"
    UINT8 = "uint8"
    INT16 = "int16"
    INT32 = "int32"
    FLOAT32 = "float32"

    @property
    def itemsize(self) -> int:
        """Bytes per element."""
        return np.dtype(self.value).itemsize


@dataclass(frozen=True, slots=True)
class Quantization:
    """real = scale · (q − zero_point); one pair for the tensor, or one per index along `axis`.

    `scales` are float32 values held exactly in Python floats, as the model file stores them.
    """

    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int = 0

    @property
    def scale(self) -> float:
        """The scale of a per-tensor quantization."""
        (scale,) = self.scales
        return scale

    @property
    def zero_point(self) -> int:
        """The zero point of a per-tensor quantization."""
        (zero_point,) = self.zero_points
        return zero_point


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """One tensor of the model file; `data` is its value where it is a constant (read-only array of `shape`)."""

    index: int
    name: str
    shape: tuple[int, ...]
    dtype: DType
    quantization: Quantization | None = None
    _: KW_ONLY
    data: Array | None = None

    @property
    def elements(self) -> int:
        """Number of elements."""
        return prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.elements * self.dtype.itemsize

    @property
    def rows(self) -> int:
        """Rows of a [1, H, W, C] tensor; 1 for every other shape."""
        return self.shape[1] if len(self.shape) == 4 and self.shape[0] == 1 else 1

    @property
    def row_bytes(self) -> int:
        """Bytes of one row, the unit in which boards trace tensors."""
        return self.nbytes // max(self.rows, 1)


@dataclass(frozen=True, slots=True)
class Node:
    """One operation at work: reads tensors `inputs`, writes tensor `output`.

    `layer` is the operator's position in the model file, what every message calls "layer N".
    An absent optional input (a bias) is simply not listed.
    """

    layer: int
    op: Operation
    inputs: tuple[int, ...]
    output: int

    def __str__(self) -> str:
        return f"layer {self.layer} ({self.op.kind})"


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What a network keeps from run to run: tensor `before` is what tensor `after` was at the end of the run before.

    Ahead of the first run it is `initial`, a read-only array of both tensors' shape and type. No node writes `before`.
    """

    before: int
    after: int
    initial: Array


@dataclass(frozen=True, slots=True)
class Graph:
    """A network: all tensors by index, nodes in execution order, the tensors that enter and leave, what it keeps.

    `notes` are sentences for the user on how the file was read.
    """

    name: str
    tensors: tuple[Tensor, ...]
    nodes: tuple[Node, ...]
    _: KW_ONLY
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    states: tuple[State, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a graph that does not hang together: every read tensor exists, and exists before it is read."""
        constants = {t.index for t in self.tensors if t.data is not None}
        known = constants | set(self.inputs) | {s.before for s in self.states}
        if [t.index for t in self.tensors] != list(range(len(self.tensors))):
            raise ModelError("tensors are not numbered 0, 1, 2, …")
        if not self.inputs or not self.outputs:
            raise ModelError(
                f"the network has {len(self.inputs)} inputs and {len(self.outputs)} outputs, each must be 1 or more"
            )
        if len(set(self.inputs)) != len(self.inputs):
            raise ModelError(f"the network names {len(self.inputs)} inputs, {len(set(self.inputs))} different ones")
        for index in (*self.inputs, *self.outputs):
            if not 0 <= index < len(self.tensors):
                raise ModelError(f"the network names tensor {index}, it has {len(self.tensors)}")
        for node in self.nodes:
            for read in node.inputs:
                if read not in known:
                    raise ModelError(f"{node} reads tensor {read}, which nothing before it has written")
            if node.output in known or not 0 <= node.output < len(self.tensors):
                raise ModelError(f"{node} writes tensor {node.output}, which is not free to be written")
            known.add(node.output)
        for output in self.outputs:
            if output not in known:
                raise ModelError(f"output tensor {output} is never written")
        self._check_states(constants, known)

    def _check_states(self, constants: set[int], known: set[int]) -> None:
        for number, state in enumerate(self.states):
            taken = constants | set(self.inputs) | {s.before for s in self.states[:number]}
            if state.before in taken or state.after in constants or state.after not in known:
                raise ModelError(f"the state in tensors {state.before} and {state.after} is no state of this network")
            before, after = self.tensors[state.before], self.tensors[state.after]
            if (before.shape, before.dtype) != (after.shape, after.dtype):
                raise ModelError(
                    f"a state is read as {before.dtype.value} {before.shape} (tensor {before.index}) "
                    f"and written as {after.dtype.value} {after.shape} (tensor {after.index})"
                )

    @property
    def lasting(self) -> frozenset[int]:
        """Tensors that are wanted when a run has ended: outputs, and what the states are to be."""
        return frozenset(self.outputs) | {s.after for s in self.states}

    def inputs_of(self, node: Node) -> tuple[Tensor, ...]:
        """Tensors that `node` reads, in the operator's order."""
        return tuple(self.tensors[i] for i in node.inputs)

    def output_of(self, node: Node) -> Tensor:
        """Tensor that `node` writes."""
        return self.tensors[node.output]
