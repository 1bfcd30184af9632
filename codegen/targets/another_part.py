"""The files of a board for another STM32 on it: the wiring stays, what the chip decides is that of the part."""

import re
from collections.abc import Mapping
from typing import Final

from depthwise.codegen.errors import InputError

from .board_file import FILE
from .boards import Board
from .stm32_parts import Stm32Part

SOURCE: Final = "board.c"
# What other tools call the old board, and its drive: of the new one only its user can tell.
FOREIGN: Final = re.compile(
    r'^(arduino|platformio|zephyr|drive|pyocd|openocd(?! = "board/st_nucleo_[a-z]\d\.cfg")) = .*\n', re.MULTILINE
)
EMULATOR: Final = re.compile(r"\n\[qemu\]\n(?:[^\[\n].*\n)*")
WAITING: Final = re.compile(r"^flash_(wait_states|line_bytes|\w*cache_bytes|prefetch) = .*\n", re.MULTILINE)
CODE_RAM: Final = re.compile(r"^(code_ram_\w+|ram_beside_code_bytes) = .*\n", re.MULTILINE)
COMMENTS: Final = re.compile(r"^# .*\n", re.MULTILINE)
FIELDS: Final = re.compile(r"(?<=\nconst struct )(dw_\w+ dw_\w+ = \{)\n((?:    \.\w+ = \w+,\n)+)\};")
WIRING: Final = frozenset({"crystal_mhz", "bypass", "port_g"})  # fields that the board decides, not the chip
HEAD: Final = re.compile(r"/\*(?! SPDX).*?\*/", re.DOTALL)


def with_part(contents: Mapping[str, str], like: Board, part: Stm32Part) -> dict[str, str]:
    """The files of the folder of `like`, by name, for another part. Raises InputError where more than memories differ.

    The emulator stays where its machine has memories for the part.
    """
    _check(like, part)
    file, source = contents[FILE], contents[SOURCE]
    if part.flash_bytes > like.flash_bytes or part.ram_bytes > like.ram_bytes:
        file = EMULATOR.sub("", file)
    file = FOREIGN.sub("", COMMENTS.sub("", file))
    file = CODE_RAM.sub("", WAITING.sub("", file))
    for key, value in _values(like, part).items():
        file = re.sub(rf"^{key} = .*$", f"{key} = {value}", file, flags=re.MULTILINE)
    source = HEAD.sub(f"/* {part.name} at {part.mhz} MHz, wired as {like.name}. */", source, count=1)
    return {**contents, FILE: file, SOURCE: FIELDS.sub(lambda found: _fields(found, part), source)}


def _check(like: Board, part: Stm32Part) -> None:
    drivers = [source for source in like.sources if source.endswith(f"/{part.driver}.c")]
    if not drivers or like.core != part.core:
        raise InputError(
            f"{part.name} has a {part.core} and the clock tree of {part.driver}, {like.name} has others",
            f"take a board whose board.toml has core {part.core} and names {part.driver}.c: depthwise boards",
        )


def _values(like: Board, part: Stm32Part) -> dict[str, str]:
    """Values in the board's file by their keys.

    Behind the clock come the flash's wait states and caches, behind the RAM that for code alone, where there are any.
    """
    code_ram = "".join(f"\n{key} = {value}" for key, value in part.code_ram.items())
    waiting = f"\nflash_wait_states = {part.wait_states}" if part.wait_states else ""
    waiting += "".join(f"\nflash_{key} = {value}" for key, value in part.flash.items())
    return {
        "title": f'"{like.name} with an {part.name}"',
        "clock_hz": f"{part.mhz * 1_000_000}{waiting}",
        "flash_bytes": str(part.flash_bytes),
        "ram_bytes": f"{part.ram_bytes}{code_ram}",
        "chip_id": f"{part.chip_id:#x}",
        "stm32": f'"{part.name}"',
    }


def _fields(found: re.Match[str], part: Stm32Part) -> str:
    """The family's structure with the part's fields; those that only the old chip needed are left out."""
    given = dict(re.findall(r"\.(\w+) = (\w+),", found[2]))
    kept = {key: value for key, value in given.items() if key in WIRING}
    made = {key: str(value).lower() for key, value in part.board.items()}
    lines = "".join(f"    .{key} = {value},\n" for key, value in {**kept, **made}.items())
    return f"{found[1]}\n{lines}}};"
