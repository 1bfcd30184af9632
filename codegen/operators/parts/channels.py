"""How the channels (last axis) of what an operator writes depend on those of what it reads."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from depthwise.codegen.graph import Graph, Node

Indices = np.ndarray[tuple[int, ...], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class Mixed:
    """Each channel may depend on every one: none can be left out."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """Each channel is a sum of all, each times a constant: those times 0 or of a known value can be left out."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Channel c depends on channel c of each operand."""


@dataclass(frozen=True, slots=True)
class Multiplied:
    """Channel c · multiplier + m depends on channel c, for m = 0 … multiplier − 1."""

    multiplier: int


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Channel c depends on channel source[c]."""

    source: Indices


@dataclass(frozen=True, slots=True)
class Joined:
    """Channels of the operands lie one behind the other."""


ChannelAccess = Mixed | Weighted | Alike | Multiplied | Gathered | Joined
ChannelRule = Callable[[Graph, Node], ChannelAccess]


def mixed(_graph: Graph, _node: Node) -> ChannelAccess:
    """Every channel of every one."""
    return Mixed()


def weighted(_graph: Graph, _node: Node) -> ChannelAccess:
    """Sums of all channels."""
    return Weighted()


def alike(_graph: Graph, _node: Node) -> ChannelAccess:
    """Channel by channel."""
    return Alike()
