"""The techniques of the toolbox at work on one network: each alone, and one on top of the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from depthwise.codegen.graph import Graph
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.zoo import toolbox

from .block_costs import counted_graph, parameters
from .catalogue import Technique
from .prune import prune
from .ram import Ram, deployed_ram
from .spec import Architecture
from .to_graph import build_graph
from .weights import blank_weights, he_weights

PRUNED: Final = 0.25
SEED: Final = 1
STEPS: Final[tuple[tuple[str, Technique], ...]] = (
    ("no fully connected layer", toolbox.no_dense),
    ("kernel reduction", toolbox.kernel_reduction),
    ("channel reduction, 1/2", toolbox.channel_reduction),
    ("even downsampling", toolbox.even_downsampling),
    ("depthwise separable", toolbox.separable),
)
SHUFFLE: Final = "shuffle, 4 groups"
PRUNE: Final = "pruning, 1/4 of channels"


@dataclass(frozen=True, slots=True)
class Line:
    """What one network costs: grouped layers counted as grouped, RAM as deployed in int8."""

    title: str
    macs: int
    parameters: int
    ram: Ram


def ancestor(given: Architecture) -> Architecture:
    """The network before the toolbox: full convolutions, and a fully connected layer over all positions."""
    return toolbox.dense_over_positions(toolbox.full_convolutions(given))


def alone(given: Architecture) -> Iterator[Line]:
    """The ancestor, then each technique applied to nothing but it; shuffle units are depthwise separable too."""
    start = ancestor(given)
    yield line("before", start)
    for title, technique in STEPS:
        yield line(title, technique(start))
    yield line(SHUFFLE, toolbox.shuffled(toolbox.separable(start)))
    yield _pruned(PRUNE, start)


def summed(given: Architecture) -> Iterator[Line]:
    """The ancestor, then one technique on top of all those before it."""
    made = ancestor(given)
    yield line("before", made)
    for title, technique in STEPS:
        made = technique(made)
        yield line(f"+ {title}", made)
    yield _pruned(f"+ {PRUNE}", made)
    yield line("+ shuffle instead", toolbox.shuffled(made))


def line_count() -> int:
    """How many lines `alone` and `summed` give together."""
    return 2 * (len(STEPS) + 3)


def line(title: str, given: Architecture) -> Line:
    """Count and plan one architecture."""
    counted, built = counted_graph(given), build_graph(given, blank_weights(given))
    return Line(title, total_macs(counted), parameters(counted), deployed_ram(built))


def _pruned(title: str, given: Architecture) -> Line:
    graph: Graph = prune(build_graph(given, he_weights(given, SEED)), PRUNED)
    return Line(title, total_macs(graph), parameters(graph), deployed_ram(graph))
