"""Faults while flashing, a sample of the grid of docs/results/faults.md: every verdict is right."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from depthwise.host.emulate.chips.faults import Fault, FaultKind, Side
from depthwise.host.flash.flash_method import Job, Reached, TryOutcome
from depthwise.host.flash.methods import METHODS
from tests.support.fault_grid import NO_FAULT, NOISY, UNPLUGGED, Case, cases, counted, positions, run_case, steps_of

AT_ONCE = 6


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
