"""An STM32 board's driver run on this machine: registers at their real addresses, ready bits that follow."""

import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from depthwise.codegen.targets.boards import board
from tests.support.kept import once

HERE: Final = Path(__file__).resolve().parent
APP: Final = HERE.parents[1] / "firmware" / "app"
FLAGS: Final = ("-O2", "-no-pie", "-fno-pie", "-fsanitize=undefined", "-fno-sanitize-recover=all")
WARNINGS: Final = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror")
CORE: Final = 0xE000E000
DEFINES: Final = ("-Dmain=application", "-DDW_WAIT_LOOPS=2000")  # main() is not run; each access costs two signals
PAGE: Final = 0x1000


@dataclass(frozen=True, slots=True)
class Follow:
    """Bits of a register that appear in another (or the same) one: a ready bit in its enable bit's wake."""

    source: int
    mask: int
    target: int
    shift: int


@dataclass(frozen=True, slots=True)
class Clear:
    """A read ("r") of a register, or the ones written to it ("w"), take bits away from another one."""

    source: int
    access: str
    target: int
    mask: int


@dataclass(frozen=True, slots=True)
class Run:
    """What a driver did: its writes in order, and the answers to commands."""

    writes: tuple[tuple[int, int], ...]
    answers: tuple[tuple[str, ...], ...]

    def answer(self, name: str) -> list[str]:
        """The words behind a name, of every answer that begins with it."""
        return [" ".join(words[1:]) for words in self.answers if words[0] == name]

    def written(self, address: int) -> list[int]:
        """Values written to a register, in order."""
        return [value for at, value in self.writes if at == address]


@functools.cache
def program(board_name: str) -> Path:
    """The board's sources and the bench, compiled for this machine."""
    return once(f"registers {board_name}", lambda out: _compile(board_name, out)) / "bench"


def _compile(board_name: str, out: Path) -> None:
    known = board(board_name)
    sources = [file for file in known.source_files if file.suffix == ".c"]
    include = [f"-I{folder}" for folder in (APP, *dict.fromkeys(s.parent for s in sources))]
    driver = ["gcc", "-std=c99", *FLAGS, *WARNINGS, *DEFINES, *include, "-c", *map(str, sources)]
    subprocess.run(driver, check=True, cwd=out)
    bench = ["gcc", "-std=gnu99", "-Wall", "-Wextra", *FLAGS, *include, str(HERE / "stm32_registers.c")]
    subprocess.run([*bench, *map(str, sorted(out.glob("*.o"))), "-o", "bench"], check=True, cwd=out)


def run(board_name: str, registers: dict[int, int], rules: tuple[Follow | Clear, ...], *commands: str) -> Run:
    """Start a board's driver on registers that hold values at first, then let it do more; their pages are mapped."""
    pages = sorted({address // PAGE * PAGE for address in (*registers, CORE)})
    lines = [f"map {page:x}" for page in pages]
    lines += [f"set {address:x} {value:x}" for address, value in registers.items()]
    lines += [_line(rule) for rule in rules]
    text = "\n".join([*lines, "power", "init", "clock", *commands, ""])
    done = subprocess.run([program(board_name)], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr
    answers = [tuple(line.split()) for line in done.stdout.splitlines()]
    writes = tuple((int(a[1], 16), int(a[2], 16)) for a in answers if a[0] == "w")
    return Run(writes, tuple(a for a in answers if a[0] != "w"))


def _line(rule: Follow | Clear) -> str:
    match rule:
        case Follow(source, mask, target, shift):
            return f"follow {source:x} {mask:x} {target:x} {shift}"
        case Clear(source, access, target, mask):
            return f"clear {source:x} {access} {target:x} {mask:x}"
