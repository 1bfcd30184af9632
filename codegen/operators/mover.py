"""An operator that only moves elements: its room says how, the rest follows (`parts/moves.py`)."""

from collections.abc import Callable
from typing import TypeVar

from depthwise.codegen.graph import Graph, Node, Operation

from .operator import Fact, Operator, Storage
from .parts import channels as channel_rules
from .parts import facts, moves, scattered
from .parts.activation import Activation
from .parts.channels import ChannelRule
from .parts.moved import check_moved
from .parts.quantization import OutputRule, OutputScale
from .parts.reading import RawOperator
from .parts.shapes import Check
from .parts.writing import Write

Op = TypeVar("Op", bound=Operation)


def no_value(_graph: Graph, _node: Node) -> float:
    """What is new in a float network is 0."""
    return 0.0


def mover(
    operation: type[Op],
    *,
    move: moves.Move,
    read: Callable[[RawOperator], Op],
    write: Write,
    check: Check,
    count: moves.Count = facts.one,
    fill: moves.FillRule = moves.zero,
    real_fill: Callable[[Graph, Node], float] = no_value,
    channels: ChannelRule = channel_rules.mixed,
    is_identity: Fact = facts.never,
    keeps_cases: Fact = facts.never,
    passes_scales: Fact = facts.never,
    output_quantization: OutputRule = OutputScale.KEPT,
) -> Operator[Op]:
    """The room of an operator that moves its first `count` operands; what is new is `fill`, in the output's scale."""
    compute = moves.computed(move, count, fill)
    return Operator(
        operation=operation,
        activations=count,
        activation=Activation.NONE,
        read=read,
        write=write,
        check=check,
        check_quantization=check_moved(count),
        compute=compute,
        compute_real=moves.computed_real(move, count, real_fill),
        keeps_cases=keeps_cases,
        output_quantization=output_quantization,
        interval=moves.interval(compute, count),
        macs=facts.no_macs,
        weights=None,
        rows=scattered.row_rule(compute, count),
        storage=Storage.MOVED,
        window=None,
        channels=channels,
        unary_elementwise=False,
        is_identity=is_identity,
        passes_scales=passes_scales,
    )
