"""All exact passes in order, and what became of each of the model's tensors and layers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from depthwise.codegen.graph import Array, Graph

from .absorb_pad import absorb_pad
from .as_convolutions import as_convolutions
from .as_tables import as_tables
from .compose_moves import compose_moves
from .dead import drop_dead
from .drop_identities import drop_identities
from .ends import strip_ends
from .fold_constants import fold_constants
from .fold_shuffles import fold_shuffles
from .fuse_clamps import fuse_clamps
from .fuse_forks import fuse_forks
from .fuse_tables import fuse_tables
from .intervals import WIDEST, Interval, Range, intervals
from .narrow import narrow
from .settle_constants import settle_constants
from .skip_softmax import skip_softmax

Pass = Callable[[Graph], Graph]
STRUCTURAL: Final[tuple[Pass, ...]] = (
    as_convolutions,
    drop_identities,
    fuse_clamps,
    as_tables,
    fuse_tables,
    fuse_forks,
    fuse_tables,
    absorb_pad,
    fold_shuffles,
    compose_moves,
)


@dataclass(frozen=True, slots=True)
class PassOptions:
    """What the user says about the passes.

    `input_range`: least and greatest input value that will ever be given (a promise, not a fact; the analysis
    builds on it). `rewrite` False computes every layer and channel as the model has them. `argmax` returns logits
    instead of the SOFTMAX.
    """

    input_range: Range = WIDEST
    rewrite: bool = True
    argmax: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Survivor:
    """What is left of one tensor of the model: channels still computed, and channels that are known.

    `kept`: the model's channel of each channel that is computed. `known`: channels whose values
    `values` [..., len(known)] are known beforehand and which are not computed.
    """

    kept: NDArray[np.intp]
    known: NDArray[np.intp]
    values: Array

    def of(self, tensor: Array) -> Array:
        """The part of a tensor of the model, [N, …, C], that is still computed."""
        return np.ascontiguousarray(tensor[..., self.kept])


@dataclass(frozen=True, slots=True, eq=False)
class Optimized:
    """A lowered graph before and after the passes.

    `reference` computes every layer of the model with int8 ends: the yardstick. `graph` is what code is made from.
    `survivors` tells, for each tensor of the reference, what `graph` still computes of it; a tensor that is not
    listed is not computed and not known. `found` are the intervals that prove it, by tensor, found on `simple`, the
    graph before channels are removed.
    """

    reference: Graph
    simple: Graph
    graph: Graph
    survivors: Mapping[int, Survivor]
    found: Mapping[int, Interval]


def lower(graph: Graph) -> Graph:
    """Bring a graph to what the passes work on: int8 from end to end, nothing constant, nothing unread."""
    return drop_dead(strip_ends(fold_constants(graph)))


def optimize(graph: Graph, options: PassOptions | None = None) -> Optimized:
    """Apply all passes to a graph as it was read. The output and all that survives keep every bit."""
    options = options or PassOptions()
    reference = lower(graph)
    simple = reference
    for apply in STRUCTURAL if options.rewrite else ():
        simple = apply(simple)
    simple = drop_dead(skip_softmax(simple) if options.argmax else simple)
    found = intervals(simple, options.input_range)
    if not options.rewrite:
        everything = {t: _whole(simple, t) for t in _computed(simple)}
        return Optimized(reference, simple, settle_constants(simple), everything, found)
    narrowed, keep = narrow(simple, found)
    narrowed = settle_constants(drop_dead(narrowed))
    survivors = {t: _survivor(keep[t], found.get(t)) for t in _computed(simple)}
    return Optimized(reference, simple, narrowed, survivors, found)


def _computed(graph: Graph) -> tuple[int, ...]:
    return (*graph.inputs, *(s.before for s in graph.states), *(n.output for n in graph.nodes))


def _whole(graph: Graph, tensor: int) -> Survivor:
    return _survivor(np.ones(graph.tensors[tensor].shape[-1], np.bool_), None)


def _survivor(keep: NDArray[np.bool_], interval: Interval | None) -> Survivor:
    known = np.flatnonzero(interval.known & ~keep) if interval is not None else np.empty(0, np.intp)
    values = interval.lower[..., known] if interval is not None else np.empty((1, 0), np.int8)
    return Survivor(np.flatnonzero(keep), known, values)
