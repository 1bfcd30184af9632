"""Flashing STM32 chips through the boot loader in their ROM with stm32loader, which reads everything back."""

import re
from itertools import pairwise
from typing import Final

from .flash_method import Job, Method, Reached, TryOutcome, files_of
from .programs import Programs, Ran, not_installed

MILESTONES: Final = (
    (Reached.PORT, re.compile(r"^Activating bootloader")),
    (Reached.CHIP, re.compile(r"^Bootloader version")),
    (Reached.FLASH, re.compile(r"\*\*\* Command: (Extended e|E)rase memory")),
)
ALIASES: Final = {"F2": "F4"}  # it knows no F2; their sizes and numbers lie where those of the F4 do (RM0033, 33)
CHUNK: Final = re.compile(r"^(Read|Write) (\d+) bytes at 0x([0-9A-Fa-f]+)")
COMPLAINT: Final = re.compile(r"(Error|Exception): |Can't init|Erase failed|FAILED")
EXCEPTION: Final = re.compile(r"^([\w.]+(Error|Exception): )+")
VERIFIED: Final = "Verification OK"
NO_BOOT_LOADER: Final = (
    "hold BOOT0 high (button or jumper), press reset, and run the command again; afterwards set BOOT0 back. "
    "The port has to be at the boot loader's pins (AN2606): PA9 and PA10 on all of these chips"
)
PROTECTED: Final = "the chip is read-protected: `stm32loader --port PORT --unprotect` lifts that, and erases it"


def missing(_: str, programs: Programs) -> str:
    """Nothing is missing but stm32loader."""
    found = programs.find("stm32loader") or programs.find_for_url("stm32loader")
    return "" if found else not_installed("stm32loader")


def flash(job: Job) -> TryOutcome:
    """One try: erase all, write, read back, start. The boot loader listens at even parity."""
    find = job.programs.find_for_url if job.on_url else job.programs.find
    program = find("stm32loader")
    if program is None:
        return TryOutcome(Reached.NOTHING, "stm32loader can open devices only", hint="pip install 'depthwise[flash]'")
    (part,) = job.payload.parts
    reached = Reached.NOTHING

    def heard(line: str) -> None:
        nonlocal reached
        reached = max([reached, *(r for r, pattern in MILESTONES if pattern.search(line))])
        if reached >= Reached.FLASH and (found := CHUNK.search(line)):
            read = len(part.data) if found[1] == "Read" else 0
            done = int(found[3], 16) + int(found[2]) - part.address
            job.report(read + min(done, len(part.data)), 2 * len(part.data))

    with files_of(job.payload.parts) as (file,):
        where = ("--address", f"{part.address:#x}", "--go-address", f"{part.address:#x}")
        family = ALIASES.get(job.argument, job.argument)
        how = ("--port", job.port, "--family", family, "--parity", "even", "--verbose", "--no-progress")
        ran = job.programs.run((*program, *how, "--erase", "--write", "--verify", *where, str(file)), heard)
    if any(line.startswith(VERIFIED) for line in ran.lines):
        return TryOutcome(Reached.WRITTEN, started=ran.code == 0)
    if reached is Reached.FLASH and _erase_refused(ran):
        reached = Reached.CHIP
    return TryOutcome(reached, _said(ran), hint=_hint(reached, ran))


def _erase_refused(ran: Ran) -> bool:
    """Tell whether the erase command was not even accepted; said only where that is sure."""
    began = any(line.startswith("Extended erase (0x44)") for line in ran.lines)
    extended = any("*** Command: Extended erase" in line for line in ran.lines)
    return extended and not began and any(line.startswith("Erase failed") for line in ran.lines)


def _said(ran: Ran) -> str:
    """Its own words; a last line like `package.module.SomeError: words` is cut to them."""
    opening = (b for a, b in pairwise(ran.lines) if a.startswith("Open port") and not b.startswith("Traceback"))
    if not any(line.startswith("Activating") for line in ran.lines):
        return EXCEPTION.sub("", next(opening, ran.last_words))
    errors = [line for line in ran.lines if COMPLAINT.search(line)]
    return EXCEPTION.sub("", errors[-1] if errors else ran.last_words)


def _hint(reached: Reached, ran: Ran) -> str:
    if any("readout protection" in line for line in ran.lines):
        return PROTECTED
    return NO_BOOT_LOADER if reached is Reached.PORT else ""


METHOD: Final = Method(by_port=True, missing=missing, flash=flash)
