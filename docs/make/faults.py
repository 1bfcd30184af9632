"""Writes docs/results/faults.md: faults at every step of flashing, with the real programs, and the verdicts of each.

`make faults` runs the whole grid (most of an hour); `python -m docs.make.faults CHIP…` only some chips, and keeps what
docs/results/faults.json holds of the others.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from rich.progress import track

from tests.support.fault_grid import IMAGE_BYTES, TRIES, Case, Found, cases, counted, run_case

from .pages import RESULTS

UNWIRED: Final = " without a reset line"
STM32: Final = ("STM32F103", "STM32F405", f"STM32F405{UNWIRED}", "STM32L476", "STM32G071", "STM32H743")
CHIPS: Final = (*STM32, "esp32", "esp32c3")
AT_ONCE: Final = 6
Table = dict[str, dict[str, dict[str, int]]]
HEAD: Final = f"""# Faults while flashing

The unmodified stm32loader and esptool flash {IMAGE_BYTES} bytes into emulated chips that hold another program, through
`depthwise flash` with {TRIES} tries, once for every fault: at the ends and in the middle of what either side sends in a
step of the protocol (in the middle alone where a step of the same shape has been met before). A *byte lost* never
arrives, of a *byte spoilt* one bit arrives wrong, the *cable goes* instead of a byte, a *step refused* is answered with
NACK or an error code, the *supply goes* in the midst of erasing or programming. A *bad cable* loses or spoils a byte
every 53, 211 or 997 bytes, in all tries.

What is counted: the first try was fine, a retry of the same command recovered, or the command reported failure. A
verdict is **wrong** if success is reported and the chip's flash memory differs from the image; if failure is reported
and calls the flash memory untouched although it has changed; or if, after a failure, the same command does not succeed
once the cable is good again (without a reset line: after somebody has pressed reset). Made by `make faults`.

| program | chip | fault | cases | first try | by a retry | reported as failed | wrong verdicts |
|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Run the grid of the chips named, or of all, and write both files."""
    path = RESULTS / "faults.json"
    table: Table = json.loads(path.read_text()) if path.exists() else {}
    for name in sys.argv[1:] or CHIPS:
        found = run(name)
        table[name] = counted(found)
        for case, result in found:
            if result.wrong:
                print(f"wrong: {case}: {result.wrong}")  # noqa: T201
        path.write_text(json.dumps({n: table[n] for n in CHIPS if n in table}, indent=1) + "\n")
    (RESULTS / "faults.md").write_text(HEAD + "".join(rows(table)))


def run(name: str) -> list[tuple[Case, Found]]:
    """Every case of one chip; most of the time passes in waiting, so several run at once."""
    grid = cases(name.removesuffix(UNWIRED), reset_line=UNWIRED not in name)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(zip(grid, track(pool.map(run_case, grid), name, len(grid)), strict=True))


def rows(table: Table) -> list[str]:
    """Lines of the table, and their sum."""
    lines = []
    total: dict[str, int] = {}
    for chip in (n for n in CHIPS if n in table):
        program = "stm32loader" if chip in STM32 else "esptool"
        for what, numbers in table[chip].items():
            lines.append(_row(program, chip, what, numbers))
            total = {key: total.get(key, 0) + n for key, n in numbers.items()}
    return [*lines, _row("**all**", "", "", total)]


def _row(program: str, chip: str, what: str, numbers: dict[str, int]) -> str:
    return f"| {program} | {chip} | {what} | {' | '.join(f'{n:,}' for n in numbers.values())} |\n"


if __name__ == "__main__":
    main()
