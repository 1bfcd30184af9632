"""About how many instructions a network takes on a core whose cycles nobody predicts: so many for each live MAC."""

from typing import Final

# Medians of the models of docs/results/benchmarks.md, counted on QEMU. Networks lie within a factor of 2.5 of them:
# first layers and small ones take more for each MAC, wide pointwise layers fewer.
PER_MAC: Final = {
    "cortex-m0": 4.9,
    "cortex-m0plus": 4.9,
    "cortex-m3": 2.1,
    "cortex-m7": 1.35,
    "cortex-m33": 1.35,
    "cortex-m55": 0.42,
    "rv32imc": 4.1,
}
WITHIN: Final = 2.5


def about_instructions(core_name: str, macs: int) -> int | None:
    """Instructions of so many live MACs, within a factor of `WITHIN`; None for a core that was never counted."""
    return round(macs * PER_MAC[core_name]) if core_name in PER_MAC else None
