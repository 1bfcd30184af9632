"""Flashing with retries: what counts as success, what is announced, what the one error says."""

from collections.abc import Callable, Iterator

import pytest

from depthwise.codegen.errors import FlashError
from depthwise.host.flash import methods
from depthwise.host.flash.flash_method import Job, Method, Reached, TryOutcome
from depthwise.host.flash.flashing import Flashed, flash
from depthwise.host.flash.methods import Choice
from depthwise.host.flash.payload import Payload
from depthwise.host.flash.programs import Programs
from depthwise.host.kinds import PayloadPart
from tests.support.flashing import BOARD

DONE = TryOutcome(Reached.WRITTEN)
JOB = Job(
    BOARD,
    Payload((PayloadPart(0x08000000, "a.bin", b"a"), PayloadPart(0x08000010, "b.bin", b"bc"))),
    argument="",
    port="",
    report=print,
    programs=Programs(),
)


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """A method whose tries end as the test says; returns the attempts it was called for."""

    def install(*ends: TryOutcome | type[BaseException]) -> list[int]:
        left: Iterator[TryOutcome | type[BaseException]] = iter(ends)
        attempts: list[int] = []

        def play(job: Job) -> TryOutcome:
            attempts.append(job.attempt)
            end = next(left)
            if isinstance(end, TryOutcome):
                return end
            raise end

        monkeypatch.setitem(methods.METHODS, "play", Method(by_port=True, missing=lambda _, __: "", flash=play))
        return attempts

    return install


def run(tries: int, said: list[str] | None = None) -> Flashed:
    return flash(JOB, Choice("play", "x", "/dev/port"), tries, (said if said is not None else []).append)


def test_the_try_that_succeeds_is_reported_with_every_part(outcomes: Callable[..., list[int]]) -> None:
    attempts = outcomes(TryOutcome(Reached.FLASH, "lost"), TryOutcome(Reached.CHIP, "odd"), DONE)
    said: list[str] = []
    done = run(3, said)
    assert (done.tries, done.bytes, done.port) == (3, 3, "/dev/port")
    assert done.as_json()["parts"][1] == {"address": 0x08000010, "file": "b.bin", "bytes": 2}
    assert said == ["try 1 of 3 failed: lost", "try 2 of 3 failed: odd"]
    assert attempts == [1, 2, 3]


def test_an_announcement_carries_the_hint(outcomes: Callable[..., list[int]]) -> None:
    outcomes(TryOutcome(Reached.PORT, "silent", hint="press reset"), DONE)
    said: list[str] = []
    run(2, said)
    assert said == ["try 1 of 2 failed: silent; press reset"]


@pytest.mark.parametrize(
    ("reached", "words"),
    [
        (Reached.PORT, "does not answer"),
        (Reached.CHIP, "its flash is as it was"),
        (Reached.FLASH, "half-written, nothing on this computer has changed"),
    ],
)
def test_the_error_says_what_the_board_holds_now(
    outcomes: Callable[..., list[int]], reached: Reached, words: str
) -> None:
    outcomes(TryOutcome(reached, "said so"), TryOutcome(reached, "said so"))
    with pytest.raises(FlashError, match=rf"{words} \(play at /dev/port, 2 tries\): said so;"):
        run(2)


def test_half_written_stays_half_written_when_the_port_is_gone_afterwards(outcomes: Callable[..., list[int]]) -> None:
    attempts = outcomes(TryOutcome(Reached.FLASH, "lost"), TryOutcome(Reached.NOTHING, "no such port"), DONE)
    with pytest.raises(FlashError, match=r"half-written.*2 tries\): lost; .*same command again"):
        run(3)
    assert attempts == [1, 2]


@pytest.mark.parametrize(
    ("said", "hint"), [("Permission denied", "dialout"), ("Device or resource busy", "close"), ("odd", "cable")]
)
def test_a_port_that_cannot_be_opened_is_tried_once_and_explained(
    outcomes: Callable[..., list[int]], said: str, hint: str
) -> None:
    attempts = outcomes(TryOutcome(Reached.NOTHING, said), DONE)
    with pytest.raises(FlashError, match="cannot reach") as error:
        run(3)
    assert hint in error.value.hint
    assert attempts == [1]


def test_ctrl_c_is_told_what_it_leaves_behind(outcomes: Callable[..., list[int]]) -> None:
    outcomes(KeyboardInterrupt)
    with pytest.raises(FlashError, match=r"may be half-written; .*same command again"):
        run(3)
