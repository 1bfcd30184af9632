"""Flash that networks are measured behind: boards for the virtual Cortex-M4 with it."""

from dataclasses import replace
from typing import Final

from depthwise.codegen.kernels.flash import Flash
from depthwise.codegen.targets.boards import Board, board
from depthwise.codegen.targets.flash_fields import FLASH_FIELDS

from .bench import unhindered

RUNS_ON: Final = "netduinoplus2"
PLACED_ON: Final = "STM32L4R5, 120 MHz"
OTHER: Final = "STM32F405, 168 MHz"
# What they read code and constants from is in the files of boards with them.
CHIPS: Final = {PLACED_ON: board("nucleo-l4r5zi"), OTHER: board("netduinoplus2")}


def behind(flash: Board) -> Board:
    """The board that QEMU runs, behind the flash of another."""
    known = {name: getattr(flash, name) for name in FLASH_FIELDS}
    return replace(unhindered(RUNS_ON), **known)


def arguments(flash: Flash) -> str:
    """A flash as the plugin m4art is told of it. What has no cache of instructions has a buffer for two lines."""
    lines = {
        "ilines": max(flash.instruction_cache // flash.line, 2),
        "dlines": flash.data_cache // flash.line,
    }
    told = {"ws": flash.wait_states, "line": flash.line, **lines, "pf": int(flash.prefetch)}
    return ",".join(f"{name}={value}" for name, value in told.items())
