"""Faults while flashing, a sample of the grid of docs/faults.md: every verdict is right, the next command finishes."""

import hashlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from depthwise.codegen.targets.boards import board
from depthwise.host.cli import main
from depthwise.host.emulate.chips.an3155 import An3155
from depthwise.host.emulate.chips.board_chip import emulated_chip
from depthwise.host.emulate.chips.faults import Fault, FaultKind, Side
from depthwise.host.emulate.chips.served_chip import served
from depthwise.host.flash.flash_method import Job, Reached, TryOutcome
from depthwise.host.flash.methods import METHODS
from tests.support.fault_grid import NO_FAULT, NOISY, UNPLUGGED, Case, cases, counted, positions, run_case, steps_of
from tests.support.places import ROOT
from tests.support.projects import built

AT_ONCE = 6
DOCUMENTED = ROOT / "docs" / "faults.json"


@pytest.mark.parametrize(
    ("name", "every", "reset_line"),
    [
        ("STM32F103", 23, True),
        ("STM32F405", 11, True),
        ("STM32F405", 29, False),
        ("STM32G071", 23, True),
        ("esp32", 71, True),
        ("esp32c3", 53, True),
    ],
)
def test_a_sample_of_all_faults_has_no_wrong_verdict(name: str, every: int, reset_line: bool) -> None:
    sample = cases(name, reset_line=reset_line)[::every]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(zip(sample, pool.map(run_case, sample), strict=True))
    assert [(case, result) for case, result in found if result.wrong] == []
    numbers = counted(found)
    assert numbers[NO_FAULT]["first try"] == 1
    assert numbers[UNPLUGGED]["reported"] >= 1


def test_the_grid_meets_every_step_from_waking_to_starting() -> None:
    steps, refusable = steps_of("STM32F405")
    grid = cases("STM32F405")
    hit = {f.at for c in grid if c.what == UNPLUGGED for f in c.faults if f.side is Side.HOST}
    assert all(any(first <= at <= last for at in hit) for first, last in (s.host for s in steps))
    assert {c.refused for c in grid} == {None, *range(refusable)}
    assert positions(3, 9, seen=False) == [3, 6, 9]


def test_a_cable_that_always_loses_bytes_is_no_success() -> None:
    found = run_case(Case("STM32F405", NOISY, (Fault(FaultKind.DROP, Side.HOST, 7, 53),)))
    assert (found.tries, found.wrong) == (0, "")


@pytest.mark.parametrize(
    ("end", "complaint"),
    [
        (TryOutcome(Reached.WRITTEN), "success, but the flash memory differs"),
        (TryOutcome(Reached.CHIP, "lost"), "flash memory has changed, but: .* its flash is as it was"),
    ],
)
def test_the_grid_notices_wrong_verdicts(monkeypatch: pytest.MonkeyPatch, end: TryOutcome, complaint: str) -> None:
    honest = METHODS["stm32loader"]

    def lies(job: Job) -> TryOutcome:
        honest.flash(job)
        return end

    monkeypatch.setitem(METHODS, "stm32loader", replace(honest, flash=lies))
    found = run_case(Case("STM32F405", UNPLUGGED, (Fault(FaultKind.UNPLUG, Side.HOST, 400),)))
    assert re.match(complaint, found.wrong)


def test_the_documented_grid_has_no_wrong_verdict() -> None:
    table = json.loads(DOCUMENTED.read_text())
    rows = [row for chip in table.values() for row in chip.values()]
    assert sum(row["cases"] for row in rows) > 2000
    assert {row["wrong"] for row in rows} == {0}
    assert all(row["cases"] == row["first try"] + row["retry"] + row["reported"] for row in rows)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


def digest(folder: Path) -> dict[str, str]:
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.mark.board
def test_when_the_cable_goes_the_same_command_again_finishes_and_nothing_on_disk_has_changed() -> None:
    project = built("netduinoplus2")
    chip = emulated_chip(board("netduinoplus2"))
    assert isinstance(chip, An3155)
    image = (project.folder / "build" / "firmware.bin").read_bytes()
    before = digest(project.folder)
    with served(chip, faults=(Fault(FaultKind.UNPLUG, Side.HOST, len(image) // 2),)) as place:
        command = ("flash", project.folder, "--port", place.url)
        broken = call(*command)
        assert broken.exit_code == 2
        for part in ("half-written", "nothing on this computer has changed", "run the same command again"):
            assert part in broken.stderr
        assert chip.flash.data[: len(image) // 4] == image[: len(image) // 4]
        assert chip.flash.data[: len(image)] != image
        assert digest(project.folder) == before
        place.replug()
        again = call(*command)
        assert again.exit_code == 0
        assert f"depthwise verify {project.folder} --port {place.url}" in again.stdout
    assert chip.flash.data[: len(image)] == image
    assert digest(project.folder) == before
