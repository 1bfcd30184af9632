"""Flashing through debug probes: programs on the PATH that write down how they were called, and answer as real ones."""

import os
import sys
from pathlib import Path
from typing import Final

import pytest

from depthwise.codegen.errors import FlashError
from depthwise.host.flash.flash_method import Job
from depthwise.host.flash.flashing import Flashed, flash
from depthwise.host.flash.methods import Choice
from depthwise.host.flash.payload import Payload
from depthwise.host.flash.programs import Programs
from depthwise.host.kinds import PayloadPart
from tests.support.flashing import BOARD, STM32_START, image

IMAGE: Final = image(500)
OPENOCD: Final = "** Programming Started **\n** Programming Finished **\n** Verify Started **\n** Verified OK **"
ST_FLASH: Final = (
    "INFO common.c: Attempting to write 500 (0x1f4) bytes to stm32 address: 134217728 (0x8000000)\n"
    "INFO common.c: Flash written and verified! jolly good!"
)
PYOCD: Final = "0000 I Loading x.bin\n0001 I Erased 16384 bytes (1 sector), programmed 500 bytes (1 page) [loader]"
RIGHT: Final = BOARD.chip_id
READ: Final = ("read32", f"e0042000:  1000{RIGHT:04x}    |.d..|", 0)
PYOCD_SAME: Final = "All 500 bytes match."
PYOCD_DIFFERENT: Final = "Mismatched byte at 0x08000000 (offset 0x0): 0xff (memory) != 0x00 (file)"


FILE: Final = r"/[^ {}]*\.bin"
PROGRAM: Final = """#!{python}
import re, sys
from pathlib import Path
here, line = Path(__file__).parent, " ".join(sys.argv[1:])
for path in re.findall(r"{file}", line):
    (here / "image").write_bytes(Path(path).read_bytes())
with (here / "calls").open("a") as calls:
    calls.write("{name} " + re.sub(r"{file}", "IMAGE", line) + "\\n")
text, code = next((text, code) for word, text, code in {answers} if word in line)
print(text)
sys.exit(code)
"""


class Bench:
    """A folder on the PATH with programs, and what they were called with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, name: str, *answers: tuple[str, str, int]) -> None:
        """A program that answers a call with a word in it: (word, what it says, exit code)."""
        script = self.folder / name
        script.write_text(PROGRAM.format(python=sys.executable, file=FILE, name=name, answers=answers))
        script.chmod(0o755)

    def called(self) -> list[str]:
        """Calls so far, with IMAGE for the image's path."""
        return (self.folder / "calls").read_text().splitlines()

    def image(self) -> bytes:
        """What the program was given."""
        return (self.folder / "image").read_bytes()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return Bench(tmp_path)


def flashed(method: str, argument: str, *, any_chip: bool = False) -> Flashed:
    payload = Payload((PayloadPart(STM32_START, "build/firmware.bin", IMAGE),))
    job = Job(BOARD, payload, report=lambda _, __: None, programs=Programs(), any_chip=any_chip)
    return flash(job, Choice(method, argument, ""), 1, lambda _: None)


def test_openocd_programs_verifies_and_resets(bench: Bench) -> None:
    bench.install("openocd", ("mdw", f"0xe0042000: 1000{RIGHT:04x}", 0), ("program", OPENOCD, 0))
    assert flashed("openocd", "board/st_nucleo_f4.cfg").checked
    assert bench.called() == [
        "openocd -f board/st_nucleo_f4.cfg -c init; mdw 0xe0042000; shutdown",
        "openocd -f board/st_nucleo_f4.cfg -c program {IMAGE} verify reset exit 0x08000000",
    ]
    assert bench.image() == IMAGE


def test_openocd_reaches_a_bare_chip_through_an_st_link(bench: Bench) -> None:
    bench.install("openocd", ("mdw", "", 0), ("program", OPENOCD, 0))
    flashed("openocd", "target/stm32f4x.cfg")
    assert bench.called()[1].startswith("openocd -f interface/stlink.cfg -f target/stm32f4x.cfg -c program")


def test_st_flash_writes_and_resets(bench: Bench) -> None:
    bench.install("st-flash", ("write", ST_FLASH, 0))
    assert flashed("st-flash", "").checked
    assert bench.called() == ["st-flash --reset write IMAGE 0x08000000"]
    assert bench.image() == IMAGE


def test_pyocd_loads_compares_and_resets(bench: Bench) -> None:
    bench.install("pyocd", READ, ("load", PYOCD, 0), ("commander", PYOCD_SAME, 0), ("reset", "", 0))
    assert flashed("pyocd", "stm32f401retx").checked
    assert bench.called() == [
        "pyocd commander --no-wait --target stm32f401retx --command read32 0xe0042000",
        "pyocd load --no-wait --target stm32f401retx --base-address 0x08000000 IMAGE",
        "pyocd commander --no-wait --target stm32f401retx --command compare 0x08000000 IMAGE",
        "pyocd reset --no-wait --target stm32f401retx",
    ]
    assert bench.image() == IMAGE


def test_pyocd_that_loads_and_finds_a_difference_has_not_flashed(bench: Bench) -> None:
    bench.install("pyocd", ("load", PYOCD, 0), ("commander", PYOCD_DIFFERENT, 0))
    with pytest.raises(FlashError, match=r"half-written.*Mismatched byte at 0x08000000"):
        flashed("pyocd", "stm32f401retx")


@pytest.mark.parametrize(
    ("method", "word", "text"),
    [
        ("openocd", "program", "Error: open failed\nin procedure 'program'\nshutdown command invoked"),
        ("st-flash", "write", "Failed to connect to target"),
        ("pyocd", "load", "No target device available"),
    ],
)
def test_a_probe_that_is_not_there_leaves_the_flash_as_it_was(bench: Bench, method: str, word: str, text: str) -> None:
    bench.install(method, (word, text, 1))
    with pytest.raises(FlashError, match=f"does not answer .*{text.splitlines()[0]}"):
        flashed(method, "x")


def test_a_chip_that_pyocd_does_not_know_is_answered_with_where_to_get_it(bench: Bench) -> None:
    bench.install("pyocd", ("load", "0001 C Target type stm32g071rbtx not recognized. Use 'pyocd list --targets'", 1))
    with pytest.raises(FlashError, match=r"not recognized.*; pyocd pack install stm32g071rbtx") as error:
        flashed("pyocd", "stm32g071rbtx")
    assert error.value.hint == "pyocd pack install stm32g071rbtx"


@pytest.mark.parametrize(
    ("method", "word", "text"),
    [
        ("openocd", "program", OPENOCD.replace("Verified OK", "Verify Failed")),
        ("st-flash", "write", ST_FLASH.splitlines()[0]),
    ],
)
def test_a_program_that_ends_without_its_proof_has_not_flashed(bench: Bench, method: str, word: str, text: str) -> None:
    bench.install(method, (word, text, 0))
    with pytest.raises(FlashError, match="half-written"):
        flashed(method, "x")


def test_a_failure_after_the_proof_is_still_a_failure(bench: Bench) -> None:
    bench.install("openocd", ("program", OPENOCD, 1))
    with pytest.raises(FlashError):
        flashed("openocd", "x")


@pytest.mark.parametrize(
    ("method", "program", "answer"),
    [
        ("openocd", "openocd", ("mdw", "0xe0042000: 10016431 ", 0)),
        ("pyocd", "pyocd", ("read32", "e0042000:  10016431    |1d..|", 0)),
        ("st-flash", "st-info", ("--probe", "Found 1 stlink programmers\n  chipid:     0x0431", 0)),
    ],
)
def test_another_chip_behind_the_probe_is_not_flashed(
    bench: Bench, method: str, program: str, answer: tuple[str, str, int]
) -> None:
    bench.install("st-flash", ("write", ST_FLASH, 0))
    bench.install(program, answer)
    with pytest.raises(
        FlashError,
        match=r"its flash is as it was .*the chip is 0x431, that of netduinoplus2 is 0x413; export, build and",
    ):
        flashed(method, "x")
    assert len(bench.called()) == 1
    bench.install(program, answer, ("program", OPENOCD, 0), ("load", PYOCD, 0), ("compare", PYOCD_SAME, 0), ("", "", 0))
    assert flashed(method, "x", any_chip=True).checked


@pytest.mark.parametrize("text", ["", "0xe0042000: 00000000", "0xe0042000: ffffffff", "0xe0042001: 10016431", "1234"])
def test_a_number_that_the_probe_does_not_show_stops_nothing(bench: Bench, text: str) -> None:
    bench.install("openocd", ("mdw", text, 0), ("program", OPENOCD, 0))
    assert flashed("openocd", "x").checked
