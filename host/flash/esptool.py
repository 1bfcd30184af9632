"""Flashing ESP chips with Espressif's esptool, which compares the MD5 of every part with the chip's."""

import re
from typing import Final

from .flash_method import Job, Method, Reached, TryOutcome, files_of
from .programs import Ran, needs

BAUD: Final = "460800"
CAREFUL_BAUD: Final = "115200"  # for the next tries: not every adapter and cable is up to more
MILESTONES: Final = (
    (Reached.PORT, re.compile(r"^Connecting")),
    (Reached.CHIP, re.compile(r"^Connected to |^Chip type")),
    (Reached.FLASH, re.compile(r"^Flash will be erased|^Erasing|^Writing at")),
)
WRITING: Final = re.compile(r"Writing at (0x[0-9a-fA-F]+)")
VERIFIED: Final = "Hash of data verified."
ERROR: Final = re.compile(r"A (?:fatal error|serial exception error) occurred: (.*)")
WRONG_CHIP: Final = re.compile(r"^This chip is [\w-]+,? not ")
OTHER_BOARD: Final = "take the board that it is (`depthwise boards`): export, build and flash for that"
BUTTON: Final = "hold BOOT, press reset, let go of BOOT, and run the command again"


def flash(job: Job) -> TryOutcome:
    """One try. Over a plain socket, which has no reset line, with what the ROM can do and no reset."""
    program = job.programs.command("esptool")
    plain = job.port.startswith("socket://")
    baud = BAUD if job.attempt == 1 else CAREFUL_BAUD
    how = ("--before", "no-reset", "--after", "no-reset", "--no-stub") if plain else ("--baud", baud)
    reached = Reached.NOTHING
    verified = 0

    def heard(line: str) -> None:
        nonlocal reached, verified
        reached = max([reached, *(r for r, pattern in MILESTONES if pattern.search(line))])
        verified += line.startswith(VERIFIED)
        if found := WRITING.search(line):
            job.report(job.payload.written(int(found[1], 16)), job.payload.total_bytes)

    with files_of(job.payload.parts) as files:
        places = [a for p, f in zip(job.payload.parts, files, strict=True) for a in (f"{p.address:#x}", str(f))]
        common = (*program, "--chip", job.argument, "--port", job.port, *how)
        ran = job.programs.run((*common, "write-flash", "--compress", *places), heard)
    if verified == len(job.payload.parts):
        return TryOutcome(Reached.WRITTEN, started=ran.code == 0 and not plain)
    said = _said(ran)
    if WRONG_CHIP.search(said):
        return TryOutcome(Reached.CHIP, f"{said}; {job.board.name} has an {job.argument}", hint=OTHER_BOARD)
    return TryOutcome(reached, said, hint=BUTTON if reached is Reached.PORT else "")


def _said(ran: Ran) -> str:
    """Its own words: the error line, or the reason that follows it in brackets."""
    for line, after in zip(reversed(ran.lines), ["", *reversed(ran.lines)], strict=False):
        if found := ERROR.search(line):
            return after.strip("()") if after.startswith("(") else found[1].rstrip(".")
    return ran.last_words


METHOD: Final = Method(by_port=True, missing=needs("esptool"), flash=flash)
