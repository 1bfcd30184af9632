"""Predicts the Cortex-M4 cycles of each layer, before there is a firmware: what `inspect --core cortex-m4` shows.

A layer's cycles are a sum of counted events times cycles of each; both stand with the kernels' family. What the
loops do was counted in the assembly; the rest (calls, edges, ends of loops) is fitted to cycles measured layer by
layer (`make bench`), which docs/results/benchmarks.md compares with. Cycles are those of zero flash wait states; see
FLASH_FACTOR for real flash. They are calibrated by `python -m docs.make.calibrate`.
"""

from typing import Final

from .choice import Chosen
from .cycles import CALLS
from .instruction_rates import InstructionTable, instructions
from .kernel import Events

# Published over modelled cycles of microTVM with CMSIS-NN on an STM32L4R5 at 120 MHz (5 wait states behind the ART
# cache), MLPerf Tiny VWW: 36.1M / 29.8M. The one engine for which both figures exist.
FLASH_FACTOR: Final = 1.21
# The same where code lies in RAM, and constants alone are waited for: the most that docs/results/flash.md has of
# networks that use their weights more than once.
RAM_CODE_FACTOR: Final = 1.12


def layer_cycles(chosen: Chosen) -> int:
    """Predicted cycles of a layer in one inference."""
    cycles = {**CALLS, **chosen.family.cycles}
    return round(sum(count * cycles.get(event, 1.0) for event, count in events(chosen).items()))


def events(chosen: Chosen) -> Events:
    """What happens how often in one inference of a layer, whose kernel must be one that was counted."""
    assert chosen.kernel.events is not None, chosen.kernel.name
    return chosen.kernel.events(chosen.layer)


def layer_instructions(table: InstructionTable, chosen: Chosen) -> int:
    """Predicted instructions of a layer in one inference, by a core's table. Memory that waits is not in them."""
    return instructions(table, rated_name(chosen), chosen.layer)


def rated_name(chosen: Chosen) -> str:
    """Name of a layer's kernel in a table of instructions: apart are weights that might be int16 and are bytes."""
    narrow = chosen.kernel.int16_weights and not chosen.layer.int16_weights
    return f"{chosen.kernel.name} int8" if narrow else chosen.kernel.name
