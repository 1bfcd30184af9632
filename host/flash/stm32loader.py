"""Flashing STM32 chips through the boot loader in their ROM with stm32loader, which reads everything back."""

import re
import sys
from itertools import pairwise
from typing import Final

from .chip_id import wrong_chip
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
NAME: Final = "stm32loader"
CHIP: Final = re.compile(r"^Chip id: 0x([0-9A-Fa-f]+) \((.*)\)")
MODULE: Final = (sys.executable, "-m")
GUARDED: Final = ("depthwise.host.flash.guarded",)
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
    """One try: hold the chip's number against the board's, erase all, write, read back, start."""
    programs = job.programs
    program = programs.find_for_url(NAME) if job.on_url else programs.find_module(NAME) or programs.find(NAME)
    if program is None:
        return TryOutcome(Reached.NOTHING, "stm32loader can open devices only", hint="pip install 'depthwise[flash]'")
    guarded = _guarded(program, job)
    if guarded is None:
        ran = programs.run((*program, *_how(job)), lambda _: None)
        return _wrong_chip(job, ran) or _flashed(job, program)
    return _flashed(job, guarded)


def _guarded(program: tuple[str, ...], job: Job) -> tuple[str, ...] | None:
    """The program, stopping by itself before it erases a wrong chip; None for one that is no module of this Python."""
    if job.any_chip or not job.board.chip_id:
        return program
    python, module = program[:2], program[2:]
    return (*python, *GUARDED, f"{job.board.chip_id:#05x}", *module) if python == MODULE else None


def _how(job: Job) -> tuple[str, ...]:
    """The boot loader listens at even parity."""
    return ("--port", job.port, "--family", ALIASES.get(job.argument, job.argument), "--parity", "even")


def _flashed(job: Job, program: tuple[str, ...]) -> TryOutcome:
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
        how = (*_how(job), "--verbose", "--no-progress", "--erase", "--write", "--verify")
        ran = job.programs.run((*program, *how, *where, str(file)), heard)
    if any(line.startswith(VERIFIED) for line in ran.lines):
        return TryOutcome(Reached.WRITTEN, started=ran.code == 0)
    if reached is not Reached.FLASH and (wrong := _wrong_chip(job, ran)):
        return wrong
    if reached is Reached.FLASH and _erase_refused(ran):
        reached = Reached.CHIP
    return TryOutcome(reached, _said(ran), hint=_hint(reached, ran))


def _wrong_chip(job: Job, ran: Ran) -> TryOutcome | None:
    told = next((found for line in ran.lines if (found := CHIP.search(line))), None)
    return None if told is None else wrong_chip(job, int(told[1], 16), told[2])


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
