"""Writes docs/results/operators-speed.md: cycles and RAM of each operator on the Cortex-M4, beside what is predicted.

`make bench`, or alone: `python -m docs.make.operator_speed`. Networks of one layer, many in a firmware
(tests/support/operator_networks.py); scores are compared with the golden model's.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final

from depthwise.codegen.emit.network_view import variant
from depthwise.codegen.kernels.choice import choose_kernels
from depthwise.codegen.naming import shape_text
from depthwise.codegen.operators.costs import total_macs
from depthwise.codegen.schedule import state_bytes, steps
from depthwise.codegen.schedule.choose import point
from tests.support.operator_networks import NETWORKS

from . import cmsis_nn_tables, network_speed
from .cmsis_nn_figures import operator_figures
from .copying import copied_cycles
from .counting import compile_plugin
from .operator_counts import M4, Counted, counted
from .operator_flash import flash_of
from .pages import RESULTS

SHOWN: Final = 0
OTHERS: Final = range(100, 103)
PAGE: Final = RESULTS / "operators-speed.md"
HEAD: Final = """# Speed of each operator

Networks of one layer on the virtual Cortex-M4, output equal to the golden model: cycles of one inference (modelled:
zero flash wait states, unaligned accesses counted) and RAM of the library by rows, its input rows included. *Each*:
cycles for each multiply-accumulate, or for each element of the output where nothing is multiplied. *Predicted*: what
`plan` and `inspect` say before there is a firmware, and what is no layer's: 50 cycles for each row of the input that
arrives, and 0.59 for each byte of the input and of the output, which is handed out as a copy (`docs/make/copying.py`).
Sizes are random ones (`tests/support/operator_networks.py`). Made by `make bench` (`docs/make/operator_speed.py`).

| operator | kernel | input | output | cycles | each | predicted | off | RAM |
|---|---|---|---|---|---|---|---|---|
"""
ERROR: Final = """
## How good the prediction is
{count} other networks of these operators, none of which the rates were fitted to (`docs/make/calibrate_rates.py`):
the prediction is off by {middle:.0%} in the middle, by {most:.0%} or less for nine of ten, by {worst:.0%} at worst
({name}). What SOFTMAX takes depends on its input.
"""


def main() -> None:
    """Count and write."""
    with tempfile.TemporaryDirectory() as scratch:
        plugin = compile_plugin(Path(scratch))
        assert plugin is not None, "set DEPTHWISE_M4CYCLES"
        shown = counted([(name, SHOWN) for name in NETWORKS], plugin)
        others = counted([(name, seed) for seed in OTHERS for name in NETWORKS], plugin)
        whole = network_speed.text(plugin)
        figures = operator_figures(plugin)
        both = [one for one in shown if one.name in figures["operators"]]
        flash = flash_of([one.case for one in both], Path(scratch) / "flash")
        named = {one.name: bytes_of for one, bytes_of in zip(both, flash, strict=True)}
        beside = cmsis_nn_tables.operators(both, figures, named)
    PAGE.write_text(HEAD + "".join(map(_line, shown)) + beside + _error(others) + whole)


def predicted(found: Counted) -> int:
    """Predicted cycles of a network, the copying of its inputs and outputs among them."""
    plan = found.case.plan
    return point(plan, variant(plan.graph, M4)).cycles + round(copied_cycles(plan.graph))


def _off(found: Counted) -> float:
    return predicted(found) / found.cycles - 1


def _line(found: Counted) -> str:
    graph = found.case.plan.graph
    kernels = choose_kernels(graph, M4.families)
    names = ", ".join(dict.fromkeys(kernels.name(node) for node in steps(graph)))
    given, output = graph.tensors[graph.inputs[0]], graph.tensors[graph.outputs[0]]
    each = found.cycles / (total_macs(graph) or output.elements)
    cells = [found.name, names, shape_text(given.shape), shape_text(output.shape), f"{found.cycles:,}", f"{each:.1f}"]
    cells += [f"{predicted(found):,}", f"{_off(found):+.0%}", f"{state_bytes(found.case.plan):,}"]
    return f"| {' | '.join(cells)} |\n"


def _error(others: Sequence[Counted]) -> str:
    found = sorted((abs(_off(one)), one.name) for one in others)
    sizes = [off for off, _ in found]
    worst, name = found[-1]
    return ERROR.format(
        count=len(found), middle=median(sizes), most=sizes[len(sizes) * 9 // 10], worst=worst, name=name
    )


if __name__ == "__main__":
    main()
