"""Fits instructions of kernels (codegen/kernels/rates_xtensa.py, rates_rv32.py) to random networks of one layer.

`python -m docs.make.calibrate_instructions xtensa-lx6` prints a table. Networks are those of
tests/support/operator_networks.py and more with weights, counted on the core's virtual board, whose ticks are
instructions; those that docs/results/esp32.md judges the tables by have other seeds.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.errors import ToolError
from depthwise.codegen.graph import Graph
from depthwise.codegen.kernels import general
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.kernels.instruction_rates import NAMES, entries_of, quantities
from depthwise.codegen.kernels.predict import rated_name
from depthwise.codegen.kernels.weight_storage import NEVER, has_both
from depthwise.codegen.operators import Activation, AveragePool2D
from depthwise.codegen.operators.parts.activation import is_activated
from depthwise.codegen.passes.optimize import lower
from depthwise.codegen.schedule import choose, order_of, steps
from depthwise.codegen.targets.cores import PORTABLE, Core, core
from tests.support.conformance.harness import given_to
from tests.support.core_program import core_program
from tests.support.dsp_networks import at_minimum
from tests.support.network_builder import Builder
from tests.support.offset_networks import with_offset_weights
from tests.support.operator_networks import NETWORKS, operator_network
from tests.support.programs import Case

BOARDS: Final = {"xtensa-lx6": "xtensa-lx", "rv32imc": "rv32-virt"}
SEEDS: Final = range(1, 11)
PART: Final = 60
LARGE: Final = 20_000  # instructions of a network from which on its relative error counts fully
ROUNDS: Final = 20_000
ENTRY: Final = "entry of the order"
ARRIVED: Final = "byte of the input"
# Kernels of no network here, and those whose loops they share.
LIKE: Final = {
    "conv_2d_border": "conv_2d",
    "conv_2d_fours_offset": "conv_2d_fours",
    "conv_2d_offset": "conv_2d",
    "depthwise_conv_2d_offset": "depthwise_conv_2d",
    "depthwise_conv_2d_wide": "depthwise_conv_2d_taps",
    "lstm_hidden": "lstm_cells",
    "move_by_kind": "move",
    "pointwise_conv_2d_fours_offset": "pointwise_conv_2d_fours",
    "resize_bilinear_whole": "resize_bilinear",
    "softmax_int16": "softmax",
    "sub_plane": "add_plane",
}
Sample = tuple[Mapping[str, float], int]
Draw = Callable[[Builder], int]


def _uneven(b: Builder, size: int = 24) -> int:
    height, width = (int(n) for n in b.rng.integers(6, size, 2))
    return b.input(1, height, width, int(b.rng.choice((1, 2, 3, 5, 6, 7, 10))))


def _wide(b: Builder) -> int:
    height, width = (int(n) for n in b.rng.integers(3, 13, 2))
    return b.input(1, height, width, 16 * int(b.rng.integers(2, 9)))


def _whole_pool(b: Builder, x: int) -> int:
    return b.pool(x, AveragePool2D, b.size(x), b.size(x))


# Sizes that operator_networks.py has not: first layers, wide ones, pools of everything.
WEIGHTED: Final[Mapping[str, Draw]] = {
    "first": lambda b: b.conv(_uneven(b, 48), 8 * int(b.rng.integers(1, 5)), stride=(2, 2)),
    "uneven": lambda b: b.conv(_uneven(b), int(b.rng.integers(3, 24))),
    "uneven 1x1": lambda b: b.conv(_uneven(b), int(b.rng.integers(3, 24)), (1, 1)),
    "uneven depthwise": lambda b: b.depthwise(_uneven(b)),
    "uneven dense": lambda b: b.dense(_uneven(b), int(b.rng.integers(3, 40))),
    "wide": lambda b: b.conv(_wide(b), 16 * int(b.rng.integers(1, 5)), (3, 3)),
    "wide 1x1": lambda b: b.conv(_wide(b), 16 * int(b.rng.integers(1, 9)), (1, 1)),
    "wide depthwise": lambda b: b.depthwise(_wide(b)),
    "wide depthwise, stride": lambda b: b.depthwise(_wide(b), stride=(2, 2)),
    "whole pool": lambda b: _whole_pool(b, _wide(b)),
    "dense": lambda b: b.dense(b.input(1, 4 * int(b.rng.integers(4, 80))), int(b.rng.integers(3, 40))),
    "wide dense": lambda b: b.dense(_wide(b), int(b.rng.integers(3, 40))),
}
WINDOWS: Final = (*WEIGHTED, *(n for n in NETWORKS if n.startswith(("CONV", "DEPTHWISE", "FULLY"))))
# Of these the ones that a zero point of weights makes other layers of: matrices and groups have none.
OFFSET: Final = tuple(n for n in WINDOWS if "dense" not in n and "group" not in n and not n.startswith("FULLY"))
REFUSED: Final = (*WEIGHTED, *(n for n in NETWORKS if n.startswith(("ADD", "CONV", "DEPTHWISE", "FULLY", "SUB"))))


@dataclass(frozen=True, slots=True)
class Ticked:
    """A network by name, its case, and the instructions of one inference."""

    name: str
    case: Case
    instructions: int


def main(core_name: str) -> None:
    """Count, fit, print."""
    for line in lines(fitted(list(samples(core(core_name))))):
        print(line)  # noqa: T201 - to be pasted


def samples(target: Core) -> Iterator[Sample]:
    """All networks on a core, and those with weights as bytes and on plainer families of kernels too."""
    narrow = tuple(replace(f, int16_from=NEVER) if has_both((f,)) else f for f in target.families)
    families = [target.families, narrow, PORTABLE, (general.FAMILY,)]
    for chosen in dict.fromkeys(families):
        names = (*NETWORKS, *WEIGHTED) if chosen == target.families else REFUSED
        cases = [(name, drawn(name, seed)) for seed in SEEDS for name in names]
        if chosen == target.families:
            cases += [(name, behind_relu(drawn(name, seed))) for seed in SEEDS for name in WINDOWS]
            cases += [(name, with_offset_weights(graph, (25,))) for name, graph in cases if name in OFFSET]
        yield from map(sample, ticked(cases, replace(target, families=chosen)))


def drawn(name: str, seed: int) -> Graph:
    """The network of a name and a seed."""
    if name in NETWORKS:
        return operator_network(name, seed)
    builder = Builder(seed)
    output = WEIGHTED[name](builder)
    return builder.finish("one", output)


def behind_relu(graph: Graph) -> Graph:
    """The same network as converted ones are: every zero point at -128, RELU behind every sum."""
    low = at_minimum(graph)
    nodes = [replace(n, op=replace(n.op, activation=Activation.RELU)) if is_activated(n.op) else n for n in low.nodes]
    return replace(low, nodes=tuple(nodes))


def ticked(networks: Iterable[tuple[str, Graph]], target: Core) -> list[Ticked]:
    """Instructions of networks. Raises ToolError where scores are not equal to the golden model's."""
    given, found = list(networks), list[Ticked]()
    for first in range(0, len(given), PART):
        part = [(name, _case(graph, at, target)) for at, (name, graph) in enumerate(given[first : first + PART])]
        with tempfile.TemporaryDirectory() as scratch:
            board_name = BOARDS[target.name]
            program = core_program([case for _, case in part], board_name, Path(scratch) / "project", trace=False)
            faults, ticks = program.counted()
        if faults:
            raise ToolError(f"networks differ on {board_name}: {faults}")
        found += [Ticked(name, case, runs[0]) for (name, case), runs in zip(part, ticks, strict=True)]
    return found


def _case(graph: Graph, number: int, target: Core) -> Case:
    lowered = lower(graph)
    given = {tensor: values[:1] for tensor, values in given_to(graph, number).items()}
    return Case.of(f"net{number}", choose(lowered, "rows", variant(lowered, target)), given, target)


def sample(found: Ticked) -> Sample:
    """What happens how often in a network, and its instructions."""
    graph = found.case.plan.graph
    kernels = choose_kernels(graph, found.case.core.families)
    total = {
        ENTRY: float(len(order_of(found.case.plan).entries)),
        ARRIVED: float(sum(graph.tensors[i].elements for i in graph.inputs)),
    }
    for node in steps(graph):
        chosen = kernels.of(node)
        entry = entries_of(rated_name(chosen), chosen.layer)[0]
        for name, count in zip(NAMES, quantities(chosen.layer), strict=True):
            total[f"{entry}/{name}"] = total.get(f"{entry}/{name}", 0.0) + count
    return total, found.instructions


def fitted(given: Sequence[Sample]) -> dict[str, float]:
    """Least squares of relative errors with nothing below zero, by accelerated projected gradients."""
    names = sorted({event for found, _ in given for event in found})
    counts = np.array([n for _, n in given], float)
    weights = np.minimum(counts / LARGE, 1) ** 0.5 / counts
    matrix = np.array([[found.get(name, 0.0) for name in names] for found, _ in given]) * weights[:, None]
    scale = np.sqrt((matrix**2).sum(axis=0))
    scale[scale == 0] = 1
    matrix = matrix / scale
    products, wanted = matrix.T @ matrix, matrix.T @ (counts * weights)
    step = 1 / np.linalg.norm(products, 2)
    found = ahead = np.zeros(len(names))
    for at in range(ROUNDS):
        new = np.maximum(ahead - step * (products @ ahead - wanted), 0)
        ahead, found = new + at / (at + 3) * (new - found), new
    return dict(zip(names, (found / scale).tolist(), strict=True))


def lines(found: Mapping[str, float]) -> Iterator[str]:
    """Python text of a table."""
    entries = {event.rpartition("/")[0] for event in found} - {""}
    yield from (f"# {name}: {found[name]:.1f}" for name in (ENTRY, ARRIVED))
    bare = {name.partition(" of bytes")[0].partition(",")[0]: name for name in sorted(entries, reverse=True)}
    for name in sorted({*entries, *bare, *LIKE}):
        source = name if name in entries else bare.get(name) or LIKE[name]
        rates = (f"{found.get(f'{source}/{field}', 0.0):.4g}" for field in NAMES)
        yield f'    "{name}": ({", ".join(rates)}),'


if __name__ == "__main__":
    main(*sys.argv[1:])
