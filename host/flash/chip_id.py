"""Which STM32 is there: the number that the chip says of itself, held against the board's before anything is erased.

It is the DEV_ID of DBGMCU_IDCODE (reference manuals, "MCU device ID code"), which a debug probe reads and the boot
loader tells (AN3155, GET_ID; AN2606).
"""

import re
from typing import Final

from depthwise.codegen.targets.boards import boards

from .flash_method import Job, Reached, TryOutcome

DEVICE_BITS: Final = 0xFFF
UNKNOWN: Final = "Unknown"  # as stm32loader calls what it has no name for


def wrong_chip(job: Job, found: int, name: str = "") -> TryOutcome | None:
    """The end of a try where the chip is another one than the board's; None where it is that, or nobody can tell."""
    wanted = job.board.chip_id
    if job.any_chip or not wanted or found in (0, DEVICE_BITS, wanted):
        return None
    called = f" ({name})" if name not in ("", UNKNOWN) else ""
    said = f"the chip is {found:#05x}{called}, that of {job.board.name} is {wanted:#05x}"
    others = " or ".join(b.name for b in boards().values() if b.chip_id == found) or "the board that it is"
    hint = f"export, build and flash for {others}; --any-chip flashes all the same"
    return TryOutcome(Reached.CHIP, said, hint=hint)


def wrong_chip_by_probe(job: Job, command: tuple[str, ...]) -> TryOutcome | None:
    """As `wrong_chip`, by a command that shows `ADDRESS: WORD` of the board's `chip_id_at`, in hexadecimal."""
    shown = re.compile(rf"^(?:0x)?0*{job.board.chip_id_at:x}: +([0-9a-f]{{8}})\b")
    return _told(job, command, shown)


def wrong_chip_by_st_info(job: Job, command: tuple[str, ...]) -> TryOutcome | None:
    """As `wrong_chip`, by what st-info says of the chip."""
    return _told(job, command, re.compile(r"^ *chipid: +0x([0-9a-fA-F]+)"))


def _told(job: Job, command: tuple[str, ...], shown: re.Pattern[str]) -> TryOutcome | None:
    if job.any_chip or not job.board.chip_id:
        return None
    lines = job.programs.run(command, lambda _: None).lines
    found = next((int(told[1], 16) for line in lines if (told := shown.search(line))), 0)
    return wrong_chip(job, found & DEVICE_BITS)
