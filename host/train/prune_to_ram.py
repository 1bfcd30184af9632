"""Pruning a trained network to a RAM budget: channels go where the memory is, and the others come back.

First the same share of all prunable channels goes, as little as it takes; then every group of channels gets back as
many as the budget still allows, those that lost most first: behind the layers that need the memory nothing is pruned.
Each figure is the planner's own, for the kernels of a core, of the network in int8.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from depthwise.codegen.errors import DoesNotFitError, UnsupportedError
from depthwise.codegen.graph import Graph
from depthwise.codegen.operators.validate import is_float
from depthwise.codegen.passes import PassOptions, optimize
from depthwise.codegen.project.picked_way import ways_on
from depthwise.codegen.targets.boards import Board, bare_core
from depthwise.codegen.zoo.layers import LayerKind, layers
from depthwise.codegen.zoo.prune import Kept, groups, keep, kept_channels, share_of
from depthwise.codegen.zoo.spec import Architecture, Block, BlockKind, Head
from depthwise.codegen.zoo.to_graph import build_graph
from depthwise.codegen.zoo.weights import Weights, he_weights
from depthwise.host.api.fitting import int8_form

STEPS: Final = 32  # shares of the channels that are tried
SEED: Final = 1
CORE: Final = "cortex-m4"  # whose kernels are taken where there is no board, as `plan` does
LAST: Final = {BlockKind.CONV: "", BlockKind.SEPARABLE: "_pointwise"}
Counts = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of RAM that a network may need, on a board or on a core alone."""

    ram_bytes: int
    board: Board | None


@dataclass(frozen=True, slots=True, eq=False)
class PrunedNetwork:
    """A narrower network, what its layers keep of the channels (by name, where some went), and the RAM it needs."""

    architecture: Architecture
    kept: Mapping[str, Kept]
    ram_bytes: int


def ram_of(graph: Graph, target: Board | None = None) -> int:
    """The least RAM that a network needs on a board, or on a core alone, as `plan` tells it.

    Of a float network that of its int8 form, without what exact passes may save once its weights are known.
    """
    made = optimize(int8_form(graph), PassOptions(rewrite=False)) if is_float(graph) else optimize(graph)
    return min(point.ram_bytes for point in ways_on(made.graph, target or bare_core(CORE)).points)


def pruned_to_ram(
    architecture: Architecture, weights: Mapping[str, Weights], budget: int, target: Board | None = None
) -> PrunedNetwork:
    """The network with its strongest channels, as many as fit `budget` bytes.

    Raises UnsupportedError for blocks with inner channels, DoesNotFitError where one channel each is too many.
    """
    _check(architecture)
    graph = build_graph(architecture, weights)

    def needed(counts: Counts) -> int:
        return ram_of(keep(graph, counts), target)

    counts = given_back(evenly(graph, budget, needed), groups(graph), budget, needed)
    kept = {graph.tensors[index].name: channels for index, channels in kept_channels(graph, counts).items()}
    return PrunedNetwork(narrowed(architecture, kept), kept, needed(counts))


def check_room(made: Architecture, room: Room) -> None:
    """Tell before training whether a network can be pruned so far: weights decide which channels go, not how many.

    Raises DoesNotFitError, UnsupportedError where it cannot.
    """
    weights = he_weights(made, SEED)
    if ram_of(build_graph(made, weights), room.board) > room.ram_bytes:
        pruned_to_ram(made, weights, room.ram_bytes, room.board)


def evenly(graph: Graph, budget: int, needed: Callable[[Counts], int]) -> Counts:
    """The largest share of all groups' channels that fits. Raises DoesNotFitError where none does."""
    whole = groups(graph)

    def shared(steps: int) -> Counts:
        return {leader: share_of(channels, steps / STEPS) for leader, channels in whole.items()}

    fitting = bisect_right(range(1, STEPS + 1), budget, key=lambda steps: needed(shared(steps)))
    if fitting:
        return shared(fitting)
    raise DoesNotFitError(
        f"{graph.name} needs {needed(shared(1)):,} bytes of RAM with a {STEPS}th of its channels, not {budget:,}",
        "take a smaller --resolution",
    )


def given_back(counts: Counts, whole: Counts, budget: int, needed: Callable[[Counts], int]) -> Counts:
    """The same with more channels in each group, as long as they fit."""
    made = dict(counts)
    for leader in sorted(whole, key=lambda group: made[group] - whole[group]):
        more = range(made[leader] + 1, whole[leader] + 1)
        made[leader] += bisect_right(more, budget, key=lambda count: needed({**made, leader: count}))
    return made


def narrowed(architecture: Architecture, kept: Mapping[str, Kept]) -> Architecture:
    """An architecture with as many channels in each block as its last layer keeps, and sums where there were some."""
    sums = {layer.inputs[-1] for layer in layers(architecture) if layer.kind is LayerKind.ADD}
    blocks: list[Block] = []
    for number, block in enumerate(architecture.blocks):
        last = f"{'stem' if number == 0 else f'block{number}'}{LAST.get(block.kind, '')}"
        channels = len(kept[last]) if last in kept else block.channels
        blocks.append(replace(block, channels=channels, residual=last in sums))
    return replace(architecture, name=f"{architecture.name}_pruned", blocks=tuple(blocks))


def _check(architecture: Architecture) -> None:
    inner = next((b for b in architecture.blocks if b.kind not in {*LAST, BlockKind.POOL}), None)
    if inner is None and not architecture.dense and architecture.head is Head.DENSE:
        return
    found = "hidden layers behind them" if inner is None else inner.kind.value
    raise UnsupportedError(
        f"{architecture.name} has blocks that pruning in training does not take: {found}",
        "take --arch mobilenet_v1 or digits, or a smaller --alpha",
    )
