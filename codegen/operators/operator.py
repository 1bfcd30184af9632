"""What is known of an operator: one record of functions and facts, every one of which has to be given."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from depthwise.codegen.graph import Graph, Node, Operation

from .parts.activation import Activation
from .parts.channels import ChannelRule
from .parts.computing import Compute, ComputeReal
from .parts.intervals import IntervalRule
from .parts.quantization import OutputRule
from .parts.reading import RawOperator
from .parts.rows import RowRule
from .parts.shapes import Check
from .parts.weights import Weights
from .parts.windowed import WindowRule
from .parts.writing import Write

Op = TypeVar("Op", bound=Operation)
Fact = Callable[[Graph, Node], bool]


class Storage(Enum):
    """Where an output may lie: OWN memory; over an operand that it OVERWRITES element by element; or it IS_INPUT.

    MOVED: own memory, or that of its operands where their elements stay in order (`parts/moves.py`).
    ADVANCES: an output that a state becomes, over what that state was.
    """

    OWN = "own"
    OVERWRITES = "overwrites"
    ADVANCES = "advances"
    IS_INPUT = "is input"
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator(Generic[Op]):
    """An operator of TensorFlow Lite: all that readers, passes, schedules and reports ask of it.

    What it is
        `operation`: its attributes. `activations`: how many of the first operands of a node are activations.
        `activation`: the clamp that it is by itself, NONE for most.
    Files
        `read` makes the attributes from a table of options, raising ModelError or UnsupportedError; `write` gives
        the table back.
    Checks
        `check`: ranks and shapes; `check_quantization`: types, scales, zero points. Both raise ModelError or
        UnsupportedError, naming the layer.
    Computing
        `compute`: TensorFlow Lite Micro's bytes; `compute_real`: a float network's. `keeps_cases`: where all of a
        node's activations begin with a batch of 1, both take [N, …] in their place and give N results; else they are
        asked case by case, with arrays of exactly the tensors' shapes. `output_quantization`: what an int8 form
        writes. `interval`: which int8 values it can write. `macs`: multiply-accumulates of one node. `weights`: what
        is known of its weights, None if it has none.
    What schedules ask
        `rows`: which input rows a row of the output needs. `storage`: where the output may lie.
        `window`: what slides over the image, None if nothing does.
    What passes ask
        `channels`: how channels depend on channels. `unary_elementwise`: each element written depends on one element
        read, so that 256 values tell all. `is_identity`: a node gives back what it reads, where both have one shape
        and quantization. `passes_scales`: channels read may be scaled, and so are those written.
    """

    operation: type[Op]
    activations: Callable[[Node], int]
    activation: Activation
    read: Callable[[RawOperator], Op]
    write: Write
    check: Check
    check_quantization: Check
    compute: Compute
    compute_real: ComputeReal
    keeps_cases: Fact
    output_quantization: OutputRule
    interval: IntervalRule
    macs: Callable[[Graph, Node], int]
    weights: Weights | None
    rows: RowRule
    storage: Storage
    window: WindowRule | None
    channels: ChannelRule
    unary_elementwise: bool
    is_identity: Fact
    passes_scales: Fact

    @property
    def kind(self) -> str:
        """Name in TensorFlow Lite."""
        return self.operation.kind
