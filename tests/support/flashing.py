"""What tests of flashing share: jobs for emulated chips, and the real programs with little patience."""

import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

from depthwise.codegen.targets.boards import Board, board
from depthwise.host.emulate.chips.an3155 import An3155
from depthwise.host.emulate.chips.esp_chips import CHIPS as ESP
from depthwise.host.emulate.chips.esp_rom import EspRom
from depthwise.host.emulate.chips.stm32_chips import CHIPS as STM32
from depthwise.host.flash.flash_method import Job
from depthwise.host.flash.flashing import Flashed, flash
from depthwise.host.flash.methods import Choice
from depthwise.host.flash.payload import Payload
from depthwise.host.flash.programs import Programs
from depthwise.host.kinds import PayloadPart

HERE: Final = Path(__file__).resolve().parent
FOLDER: Final = str(HERE.parents[1])


def _programs(fraction: str, **environment: str) -> Programs:
    hasty = (sys.executable, "-m", "tests.support.hasty")
    commands = {"stm32loader": (*hasty, fraction, "stm32loader"), "esptool": (*hasty, "1", "esptool")}
    return Programs(commands=commands, environment={"PYTHONPATH": FOLDER, **environment})


HASTY: Final = _programs("0.1", ESPTOOL_CFGFILE=str(HERE / "esptool.cfg"))
PATIENT: Final = _programs("0.5")
BOARD: Final[Board] = board("netduinoplus2")
STM32_START: Final = 0x08000000
Chip = An3155 | EspRom


def new_chip(name: str) -> Chip:
    """Emulated chip: an ESP by esptool's name, or an STM32 by its part."""
    return EspRom(ESP[name]) if name in ESP else An3155(STM32[name])


def image(size: int, seed: int = 0) -> bytes:
    """Bytes of a program: half of them random, half of them compressible, never all ones."""
    noise = random.Random(seed).randbytes(size)
    return noise[: size // 2] + bytes(b % 7 for b in noise[size // 2 :])


def board_of(chip: Chip) -> Board:
    """A board that has the chip."""
    return BOARD if isinstance(chip, EspRom) else replace(BOARD, chip_id=chip.chip.product)


def choice_for(chip: Chip, url: str) -> Choice:
    """Method and argument for a chip."""
    if isinstance(chip, EspRom):
        return Choice("esptool", chip.chip.name, url)
    return Choice("stm32loader", chip.chip.family, url)


def payload_for(chip: Chip, *blobs: bytes) -> Payload:
    """Parts for a chip: one for an STM32, any number for an ESP, a megabyte apart."""
    if isinstance(chip, EspRom):
        return Payload(tuple(PayloadPart(0x10000 + (i << 20), f"part{i}.bin", b) for i, b in enumerate(blobs)))
    (blob,) = blobs
    return Payload((PayloadPart(STM32_START, "firmware.bin", blob),))


def holds(chip: Chip, payload: Payload) -> bool:
    """Tell whether the chip's flash memory holds every part."""
    start = 0 if isinstance(chip, EspRom) else STM32_START
    data = chip.flash.data
    return all(data[p.address - start : p.end - start] == p.data for p in payload.parts)


def flash_chip(
    chip: Chip, url: str, payload: Payload, *, tries: int = 1, programs: Programs = HASTY, said: list[str] | None = None
) -> Flashed:
    """Flash a chip with the real program, as `depthwise flash` does."""
    announce = (lambda _: None) if said is None else said.append
    choice = choice_for(chip, url)
    job = Job(board_of(chip), payload, argument=choice.argument, port=url, report=lambda _, __: None, programs=programs)
    return flash(job, choice, tries, announce)
