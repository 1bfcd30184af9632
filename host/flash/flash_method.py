"""What a way of flashing is: a test whether it can be used now, and a function from a job to an outcome."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

from depthwise.codegen.scratch_folder import scratch_folder
from depthwise.codegen.targets.boards import Board
from depthwise.host.kinds import PayloadPart
from depthwise.host.progress import Progress

from .payload import Payload
from .programs import Programs

COMPLAINT: Final = re.compile(r"^Error|\bERROR\b| E |not recognized|Mismatched")


class Reached(IntEnum):
    """How far a try came. From FLASH on the board's memory is no longer what it was."""

    NOTHING = 0
    PORT = 1
    CHIP = 2
    FLASH = 3
    WRITTEN = 4


@dataclass(frozen=True, slots=True)
class TryOutcome:
    """How a try ended: how far it came, what was said last, and whether the board runs the new program already.

    WRITTEN means that the whole payload has been compared with what the flash memory holds, but for drives, which
    cannot be read back: `checked` is False then.
    """

    reached: Reached
    said: str = ""
    started: bool = True
    checked: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """What to flash, and where: `argument` is what board.toml says for the method, `port` a device or a URL.

    `attempt` counts the tries from 1: a method may be more careful in later ones. `any_chip`: flash even what says that
    it is not the board's chip.
    """

    board: Board
    payload: Payload
    _: KW_ONLY
    argument: str = ""
    port: str = ""
    report: Progress
    programs: Programs
    drive_seconds: float = 30.0
    attempt: int = 1
    any_chip: bool = False

    @property
    def on_url(self) -> bool:
        """Tell whether the port is a URL."""
        return "://" in self.port


@dataclass(frozen=True, slots=True)
class Method:
    """A way of flashing; with `by_port` over a serial port, which is found or given beforehand.

    `missing` says, for the board's argument of the method, what it needs and does not find on this machine; nothing
    if it can be used. `flash` tries once.
    """

    by_port: bool
    missing: Callable[[str, Programs], str]
    flash: Callable[[Job], TryOutcome]


@contextmanager
def files_of(parts: tuple[PayloadPart, ...]) -> Iterator[tuple[Path, ...]]:
    """Files with the parts' bytes, for a program to read; they are gone afterwards."""
    with scratch_folder("flash") as folder:
        made = tuple(folder / f"{p.address:08x}.bin" for p in parts)
        for path, part in zip(made, parts, strict=True):
            path.write_bytes(part.data)
        yield made


def run_probe(job: Job, command: tuple[str, ...], touched: str, proof: str) -> TryOutcome:
    """Run a debug probe's program once.

    Behind the words `touched` the flash memory is being changed; with `proof` it has been compared. Of what went wrong
    the first complaint counts, those that follow are its consequences.
    """
    ran = job.programs.run(command, lambda _: None)
    if ran.code == 0 and any(proof in line for line in ran.lines):
        return TryOutcome(Reached.WRITTEN)
    began = any(touched in line for line in ran.lines)
    said = next((line.strip() for line in ran.lines if COMPLAINT.search(line)), ran.last_words)
    return TryOutcome(Reached.FLASH if began else Reached.PORT, said)
