"""Fits the rates of kernels (codegen/kernels/rates.py) and the cycles of moves to random networks of one layer.

`python -m docs.make.calibrate_rates` prints them. The networks are those of tests/support/operator_networks.py, counted
on the virtual Cortex-M4; those that `make operator-speed` measures have other seeds.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from depthwise.codegen.kernels import general
from depthwise.codegen.kernels.choice import Chosen, choose_kernels
from depthwise.codegen.kernels.cycles import CALL, CALLS, COUNTED_CYCLE, WINDOW_CALL, quantities
from depthwise.codegen.kernels.predict import events
from depthwise.codegen.kernels.rates import RATES
from depthwise.codegen.operators import Conv2D, DepthwiseConv2D, TransposeConv
from depthwise.codegen.schedule import order_of, steps
from depthwise.codegen.schedule.choose import ENTRY_CYCLES
from depthwise.codegen.schedule.reads import calls_of
from depthwise.codegen.targets.cores import ARMV6_M, PORTABLE, Core
from tests.support.operator_networks import NETWORKS

from .calibrate import Sample, fitted
from .copying import copied_cycles
from .counting import compile_plugin
from .operator_counts import M4, Counted, counted

SEEDS: Final = range(1, 9)
MOVES: Final = ("move", "spread", "turned columns", "turned four", "turned one", "turned two")
QUANTITIES: Final = ("mac", "element", "written", "vector")
# Kernels of no network here, and those whose loops they share.
LIKE: Final = {
    "conv_2d_fours_offset": "conv_2d_fours",
    "conv_2d_offset": "conv_2d",
    "conv_2d_rows_offset": "conv_2d_rows",
    "depthwise_conv_2d_offset": "depthwise_conv_2d",
    "pointwise_conv_2d_fours_offset": "pointwise_conv_2d_fours",
    "pointwise_conv_2d_rows_offset": "pointwise_conv_2d_rows",
    "resize_bilinear_whole": "resize_bilinear",
    "softmax_int16": "softmax",
}
WINDOWS: Final = (Conv2D, DepthwiseConv2D, TransposeConv)
WEIGHTED: Final = tuple(n for n in NETWORKS if n.startswith(("ADD", "CONV", "DEPTHWISE", "FULLY")))


def main() -> None:
    """Count, fit, print."""
    others = (PORTABLE, ARMV6_M, (general.FAMILY,))
    targets = [(M4, tuple(NETWORKS)), *((replace(M4, families=families), WEIGHTED) for families in others)]
    with tempfile.TemporaryDirectory() as scratch:
        plugin = compile_plugin(Path(scratch))
        assert plugin is not None, "set DEPTHWISE_M4CYCLES"
        samples = [
            sample(found, target)
            for target, names in targets
            for found in counted([(n, seed) for seed in SEEDS for n in names], plugin, target)
        ]
    for line in _lines(fitted(samples)):
        print(line)  # noqa: T201 - to be pasted


def sample(found: Counted, target: Core) -> Sample:
    """What happens how often in a network, and its cycles; what is known of them as those that were counted."""
    graph = found.case.plan.graph
    kernels = choose_kernels(graph, target.families)
    total = {COUNTED_CYCLE: ENTRY_CYCLES * len(order_of(found.case.plan).entries) + copied_cycles(graph)}
    for node in steps(graph):
        for event, count in _parts(kernels.of(node)):
            total[event] = total.get(event, 0.0) + count
    return total, found.cycles


def _parts(chosen: Chosen) -> Iterator[tuple[str, float]]:
    kernel, layer = chosen.kernel, chosen.layer
    if kernel.name in RATES:
        window = isinstance(layer.node.op, WINDOWS) and not kernel.name.startswith("fully")
        yield COUNTED_CYCLE, calls_of(layer.graph, layer.node) * CALLS[WINDOW_CALL if window else CALL]
        for quantity, count in zip(QUANTITIES, quantities(layer), strict=True):
            if count:
                yield f"{kernel.name} {quantity}", count
        return
    cycles = {**CALLS, **chosen.family.cycles}
    for event, count in events(chosen).items():
        yield (event, count) if event.startswith(MOVES) else (COUNTED_CYCLE, count * cycles[event])


def _lines(cycles: dict[str, float]) -> Iterator[str]:
    """Python text of what was fitted."""
    yield from (f'    "{event}": {value:.1f},' for event, value in cycles.items() if event.startswith(MOVES))
    for name in RATES:
        source = LIKE.get(name, name)
        found = [cycles.get(f"{source} {quantity}") for quantity in QUANTITIES]
        if any(value is not None for value in found):
            yield f'    "{name}": Rates({", ".join(f"{value or 0.0:.1f}" for value in found)}),'


if __name__ == "__main__":
    main()
