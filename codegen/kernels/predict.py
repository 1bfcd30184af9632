"""Predicts the Cortex-M4 cycles of each layer, before there is a firmware: what `inspect --core cortex-m4` shows.

A layer's cycles are a sum of counted events times cycles of each; both stand with the kernels' family. What the
loops do was counted in the assembly; the rest (calls, edges, ends of loops) is fitted to cycles measured layer by
layer (`make bench`), which docs/results/benchmarks.md compares with. Cycles are those of zero flash wait states, and
calibrated by `python -m docs.make.calibrate`; what a flash adds to them is `layer_waits` (docs/results/flash.md).
"""

from collections.abc import Mapping

from .choice import Chosen
from .cycles import CALLS
from .flash import Flash, waits
from .instruction_rates import InstructionTable, instructions
from .kernel import Events, Kernel, Layer
from .traffic import traffic_of


def layer_cycles(chosen: Chosen) -> int:
    """Predicted cycles of a layer in one inference."""
    return round(_sum(events(chosen), chosen.family.cycles))


def _sum(found: Events, cycles: Mapping[str, float]) -> float:
    known = {**CALLS, **cycles}
    return sum(count * known.get(event, 1.0) for event, count in found.items())


def events(chosen: Chosen) -> Events:
    """What happens how often in one inference of a layer, whose kernel must be one that was counted."""
    assert chosen.kernel.events is not None, chosen.kernel.name
    return chosen.kernel.events(chosen.layer)


def layer_waits(chosen: Chosen, flash: Flash, executed: int) -> int:
    """Predicted cycles that a layer waits for a flash in one inference, beside those of its instructions."""
    return round(waits(flash, traffic_of(chosen.kernel, chosen.layer), executed))


def kernel_time(kernel: Kernel, layer: Layer, cycles: Mapping[str, float], flash: Flash) -> float:
    """Predicted cycles of a layer with a kernel, events taking so many, waiting for flash included."""
    assert kernel.events is not None, kernel.name
    executed = _sum(kernel.events(layer), cycles)
    return executed + waits(flash, traffic_of(kernel, layer), executed)


def layer_instructions(table: InstructionTable, chosen: Chosen) -> int:
    """Predicted instructions of a layer in one inference, by a core's table. Memory that waits is not in them."""
    return instructions(table, rated_name(chosen), chosen.layer)


def rated_name(chosen: Chosen) -> str:
    """Name of a layer's kernel in a table of instructions: apart are weights that might be int16 and are bytes."""
    narrow = chosen.kernel.int16_weights and not chosen.layer.int16_weights
    return f"{chosen.kernel.name} int8" if narrow else chosen.kernel.name
