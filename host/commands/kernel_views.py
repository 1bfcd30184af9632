"""`depthwise inspect --core`: which kernels compute a model on a core, and the cycles or instructions predicted."""

from collections.abc import Sequence
from typing import Final

from depthwise.codegen.targets.cores import COUNTED, PREDICTED, Core
from depthwise.codegen.targets.flash_fields import flash_text
from depthwise.host.api.cost import CoreCost, Row
from depthwise.host.console import out, table

# Cores of chips whose flash lies behind a cache.
ESP_CORES: Final = ("xtensa-lx6", "xtensa-lx7", "rv32imc")


def show_kernels(name: str, core: Core, cost: CoreCost, clock_mhz: float, flash_factor: float) -> None:
    """Print the layers, and what they add up to at a clock."""
    rows, waits = cost.layers, bool(core.flash.wait_states and core.predicted)
    shown = table(
        f"{name} on a {core.name}, behind the exact passes",
        ("layer", "right"),
        ("operator", "left"),
        ("output", "left"),
        ("kernel", "left"),
        ("MACs", "right"),
        ("instructions" if core.instructions else "cycles", "right"),
        ("per MAC", "right"),
        *((("waits", "right"),) if waits else ()),
    )
    for row in rows:
        waited = (f"{row['wait_cycles']:,}",) if waits else ()
        shown.add_row(str(row["layer"]), row["operator"], row["output"], row["kernel"], *_numbers(row), *waited)
    console = out()
    console.print(shown)
    _show_refusals(rows)
    if core.instructions:
        console.print(f"\n{_counted(core, rows)}", soft_wrap=True)
        return
    if cost.cycles is None or cost.wait_cycles is None:
        console.print(
            f"\nCycles are predicted for {', '.join(PREDICTED)} alone, instructions for {', '.join(COUNTED)}; "
            "docs/results/benchmarks.md has the other cores."
        )
        return
    _show_cycles(core, cost, clock_mhz, flash_factor)


def _show_cycles(core: Core, cost: CoreCost, clock_mhz: float, flash_factor: float) -> None:
    total, waits = cost.cycles or 0, cost.wait_cycles or 0
    out().print(
        f"\nPredicted: {total:,} cycles with zero flash wait states, and what following the order of calls takes "
        "(`depthwise plan`). Of networks that nothing was fitted to half are within 5 %, nine of ten within 16 %, the "
        "worst is 43 % off; single layers can be further off (docs/results/operators-speed.md)."
    )
    if core.flash.wait_states:
        out().print(
            f"Waiting for flash ({flash_text(core.flash)}): {waits:,} cycles more, {waits / total:.1%}. How far that "
            "can be off: docs/results/flash.md."
        )
    milliseconds = cost.milliseconds(clock_mhz, flash_factor)
    factor = f" times {flash_factor:g} (--flash-factor)" if flash_factor != 1 else ""
    where = "" if core.flash.wait_states else "; --board adds what its flash makes wait"
    out().print(f"At {clock_mhz:g} MHz{factor}: {milliseconds:.1f} ms{where}.")


def _counted(core: Core, rows: Sequence[Row]) -> str:
    total = sum(row["instructions"] for row in rows)
    cache = ", nor is waiting for the cache in front of its flash" if core.name in ESP_CORES else ""
    return (
        f"Predicted: {total:,} instructions, summed up from networks that were counted on a virtual board "
        f"(docs/results/esp32.md says how far they are off). Cycles of a chip are not predicted{cache}."
    )


def _show_refusals(rows: Sequence[Row]) -> None:
    """Layers that faster kernels refused, or that scale sums in more instructions; the same reasons together."""
    found: dict[str, list[str]] = {}
    for row in rows:
        reasons = [f"{', '.join(r['kernels'])}: {r['reason']}" for r in row["refused_by"]]
        if reasons:
            found.setdefault(f"left to {row['kernel']}. {'; '.join(reasons)}.", []).append(str(row["layer"]))
        if row["not_on_line"] is not None:
            found.setdefault(f"not on a line: {row['not_on_line']}.", []).append(str(row["layer"]))
    for why, layers in found.items():
        said = f"Layer {layers[0]} is" if len(layers) == 1 else f"Layers {', '.join(layers)} are"
        out().print(f"\n{said} {why}", soft_wrap=True)


def _numbers(row: Row) -> tuple[str, str, str]:
    """MACs, cycles, and cycles for each MAC; empty where there are none, or none are known."""
    macs = row["macs"]
    cycles = row["instructions"] if row["cycles"] is None else row["cycles"]
    per = f"{cycles / macs:.2f}" if cycles is not None and macs else ""
    return f"{macs:,}" if macs else "", "" if cycles is None else f"{cycles:,}", per
