"""Every fault at every step of a flash download, and whether the verdict was right: shared by tests and docs.

The steps come from a download without faults: what the host sent until the chip answered, and that answer.
"""

from dataclasses import dataclass, field, replace
from typing import Final

from depthwise.codegen.errors import FlashError
from depthwise.host.emulate.chips.an3155 import An3155
from depthwise.host.emulate.chips.esp_chips import SECTOR_BYTES
from depthwise.host.emulate.chips.faults import Fault, FaultKind, Side
from depthwise.host.emulate.chips.flash_memory import FlashMemory
from depthwise.host.emulate.chips.served_chip import ServedChip, served
from depthwise.host.flash.payload import Payload
from tests.support.flashing import PATIENT, Chip, flash_chip, holds, image, new_chip, payload_for

TRIES: Final = 3
IMAGE_BYTES: Final = 600
PERIODS: Final = (53, 211, 997)
POWER_CUTS: Final = 8
UNPLUGGED: Final = "cable goes"
KINDS: Final = {
    "byte lost": FaultKind.DROP,
    "byte spoilt": FaultKind.CORRUPT,
    UNPLUGGED: FaultKind.UNPLUG,
}
NO_FAULT: Final = "none"
REFUSED: Final = "step refused"
POWER: Final = "supply goes while it writes"
NOISY: Final = "bad cable, all the time"


@dataclass(frozen=True, slots=True)
class Case:
    """One fault for one chip: on the line, a refused step, or bytes of flash work until the supply goes."""

    chip: str
    what: str
    faults: tuple[Fault, ...] = ()
    refused: int | None = None
    power: int | None = None
    reset_line: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a case: tries of the first command (0: it reported failure), whether every verdict was right."""

    tries: int
    wrong: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Byte positions of one step: first and last that the host sends, and that the chip answers."""

    host: tuple[int, int]
    chip: tuple[int, int]


@dataclass(slots=True)
class Recorder:
    """A chip that keeps what the host sends."""

    chip: Chip
    heard: bytearray = field(default_factory=bytearray)

    @property
    def running(self) -> bool:
        return self.chip.running

    def power_on(self) -> None:
        self.chip.power_on()

    def opened(self) -> None:
        self.chip.opened()

    def receive(self, data: bytes) -> bytes:
        self.heard += data
        return self.chip.receive(data)


def used_chip(name: str) -> Chip:
    """A chip whose flash memory holds another program already."""
    chip = new_chip(name)
    fill(chip.flash)
    return chip


def fill(flash: FlashMemory) -> None:
    """Put an old program into a flash memory."""
    flash.data[:] = (image(4096, seed=99) * (len(flash.data) // 4096 + 1))[: len(flash.data)]


def payload_of(chip: Chip) -> Payload:
    """What is flashed in every case."""
    return payload_for(chip, image(IMAGE_BYTES))


def steps_of(name: str) -> tuple[list[Step], int]:
    """Steps of a download without faults, and how many of them a chip can refuse.

    They are found by playing what the host sent to a second chip, byte by byte.
    """
    recorder = Recorder(used_chip(name))
    payload = payload_of(recorder.chip)
    with served(recorder) as place:
        flash_chip(recorder.chip, place.url, payload)
    chip, answered, begun = used_chip(name), 0, 0
    chip.opened()
    found: list[Step] = []
    for position, byte in enumerate(recorder.heard):
        answer = chip.receive(bytes([byte]))
        if answer:
            found.append(Step((begun, position), (answered, answered + len(answer) - 1)))
            begun, answered = position + 1, answered + len(answer)
    return found, chip.steps if isinstance(chip, An3155) else chip.commands


def positions(first: int, last: int, *, seen: bool) -> list[int]:
    """Where faults meet a run of bytes: its ends and its middle, the middle alone for one of a shape seen before."""
    middle = (first + last) // 2
    return [middle] if seen else sorted({first, middle, last})


def cases(name: str, *, reset_line: bool = True) -> list[Case]:
    """The whole grid for one chip."""
    steps, refusable = steps_of(name)
    found = [Case(name, NO_FAULT)]
    shapes: set[tuple[int, int]] = set()
    for step in steps:
        shape = (step.host[1] - step.host[0], step.chip[1] - step.chip[0])
        for side, (first, last) in ((Side.HOST, step.host), (Side.CHIP, step.chip)):
            for at in positions(first, last, seen=shape in shapes):
                found += [Case(name, what, (Fault(kind, side, at),)) for what, kind in KINDS.items()]
        shapes.add(shape)
    found += [Case(name, REFUSED, refused=number) for number in range(refusable)]
    found += [Case(name, POWER, power=power) for power in power_cuts(name)]
    pairs = ((kind, side) for kind in (FaultKind.DROP, FaultKind.CORRUPT) for side in Side)
    found += [Case(name, NOISY, (Fault(k, s, every // 2, every),)) for k, s in pairs for every in PERIODS]
    return [replace(c, reset_line=reset_line) for c in found]


def power_cuts(name: str) -> list[int]:
    """Bytes of erasing and programming after which the supply goes: spread over the erasure, and over the rest."""
    chip = new_chip(name)
    erased = chip.chip.flash_bytes if isinstance(chip, An3155) else SECTOR_BYTES
    spread = (erased * i // POWER_CUTS for i in range(POWER_CUTS))
    return sorted({*spread, *(erased + IMAGE_BYTES * i // POWER_CUTS for i in range(POWER_CUTS))})


def run_case(case: Case) -> Found:
    """Flash with the fault, then, where that failed, run the same command again without it."""
    chip = used_chip(case.chip)
    before, payload = bytes(chip.flash.data), payload_of(chip)
    chip.refuse = lambda step: step == case.refused
    chip.flash.endurance = case.power
    if isinstance(chip, An3155):
        chip.reset_on_open = case.reset_line
    with served(chip, faults=case.faults) as place:
        try:
            done = flash_chip(chip, place.url, payload, tries=TRIES)
        except FlashError as error:
            said = str(error)
            wrong = _wrong_failure(said, bytes(chip.flash.data) == before)
            return Found(0, wrong or _again(chip, place, payload, case), said)
        return Found(done.tries, "" if holds(chip, payload) else "success, but the flash memory differs")


def _wrong_failure(said: str, unchanged: bool) -> str:
    """A failure may call the flash memory unchanged only if it is."""
    if not unchanged and "half-written" not in said:
        return f"flash memory has changed, but: {said}"
    return ""


def _again(chip: Chip, place: ServedChip, payload: Payload, case: Case) -> str:
    """The cable is put back and is a good one; without a reset line somebody presses reset. Then the same command."""
    if place.unplugged.is_set():
        chip.flash.endurance = None
        place.replug()
    if not case.reset_line:
        chip.power_on()
    place.line.faults = ()
    try:
        flash_chip(chip, place.url, payload, tries=TRIES, programs=PATIENT)
    except FlashError as error:
        return f"the same command again: {error}"
    return "" if holds(chip, payload) else "the same command again: success, but the flash memory differs"


def counted(found: list[tuple[Case, Found]]) -> dict[str, dict[str, int]]:
    """Numbers for each kind of fault: cases, first try fine, recovered by a retry, reported as failed, wrong."""
    table: dict[str, dict[str, int]] = {}
    for case, result in found:
        row = table.setdefault(case.what, dict.fromkeys(("cases", "first try", "retry", "reported", "wrong"), 0))
        row["cases"] += 1
        row["reported" if not result.tries else "first try" if result.tries == 1 else "retry"] += 1
        row["wrong"] += bool(result.wrong)
    return table
