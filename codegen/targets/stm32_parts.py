"""STM32 parts by number: memories, clock and device ID, from one data file, firmware/boards/stm32/parts.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from depthwise.codegen.errors import InputError

PARTS: Final = Path(__file__).resolve().parents[2] / "firmware" / "boards" / "stm32" / "parts.toml"
# Line, package, flash size; temperature, packing and so on do not matter here.
NUMBER: Final = re.compile(r"STM32([A-Z][0-9A-Z]{3})([A-Z])([0-9A-Z])[0-9A-Z]*")
KILOBYTE: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Stm32Part:
    """A part, called as its number up to the flash size: what its line has in common, and what its letters say.

    `driver` is the file of the family's clock tree; `code_ram` the fields of a board that tell its RAM for code alone,
    `board` those of the family's structure that the chip decides.
    """

    name: str
    driver: str
    core: str
    mhz: int
    wait_states: int
    flash: Mapping[str, int]
    flash_bytes: int
    ram_bytes: int
    code_ram: Mapping[str, int]
    chip_id: int
    board: Mapping[str, int | bool]


def stm32_part(number: str) -> Stm32Part:
    """The part of a number such as STM32F411RE or stm32f411ret6. Raises InputError that lists what is known."""
    found = NUMBER.fullmatch(number.upper())
    name, package, size = found.groups() if found else ("", "", "")
    data = _data()
    line = next((line for line in data["line"] if name in line["names"]), None)
    if line is None or size not in line["ram_kb"]:
        raise InputError(f"no STM32 is known by the number {number!r}", f"known are {_known(data['line'])}")
    return Stm32Part(
        name=f"STM32{name}{package}{size}",
        driver=line["driver"],
        core=line["core"],
        mhz=line["mhz"],
        wait_states=line["wait_states"],
        flash=line.get("flash", {}),
        flash_bytes=data["flash_kb"][size] * KILOBYTE,
        ram_bytes=line["ram_kb"][size] * KILOBYTE,
        code_ram=line.get("code_ram", {}),
        chip_id=line["chip_id"][size],
        board=line["board"],
    )


def _known(lines: list[Any]) -> str:
    """Every line with its flash sizes; the package's letter, which says nothing of memories, is an x."""
    return ", ".join(f"{name}x{'/'.join(line['ram_kb'])}" for line in lines for name in line["names"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(PARTS.read_text())
