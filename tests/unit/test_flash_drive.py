"""Flashing by a copy to the board's drive: a folder plays the drive, a thread the probe behind it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from depthwise.codegen.errors import FlashError
from depthwise.host.flash.flash_method import Job
from depthwise.host.flash.flashing import Flashed, flash
from depthwise.host.flash.methods import Choice
from depthwise.host.flash.payload import Payload
from depthwise.host.flash.programs import Programs
from depthwise.host.kinds import PayloadPart
from tests.support.flashing import BOARD, STM32_START, image

LABEL = "NODE_F401RE"
IMAGE = image(10_000)
FAILED = "The interface firmware FAILED to reset/halt the target MCU"
Probe = Callable[[Path, int], None]


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEPTHWISE_DRIVES", str(tmp_path))
    folder = tmp_path / LABEL
    folder.mkdir()
    (folder / "DETAILS.TXT").write_text("Version: 0221")
    return folder


@contextmanager
def probe(drive: Path, act: Probe) -> Iterator[Callable[[int, int], None]]:
    """A probe that acts each time a whole file has arrived; yields the progress function that tells it so."""
    arrived, ended = threading.Semaphore(0), threading.Event()

    def loop() -> None:
        for number in range(10):
            arrived.acquire()
            if ended.is_set():
                return
            act(drive, number)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield lambda done, of: arrived.release() if done == of else None
    finally:
        ended.set()
        arrived.release()
        thread.join()


def eats(drive: Path, _: int) -> None:
    """What a probe does: the drive goes, and comes back without the file."""
    comes_back(drive, {})


def fails(drive: Path, _: int) -> None:
    comes_back(drive, {"FAIL.TXT": FAILED + "\r\n"})


def comes_back(drive: Path, files: dict[str, str]) -> None:
    """Go and come back at once, as something mounted does, with other files."""
    assert (drive / "firmware.bin").read_bytes() == IMAGE
    fresh = drive.with_name("fresh")
    fresh.mkdir()
    for name, text in files.items():
        (fresh / name).write_text(text)
    goes(drive, 0)
    fresh.rename(drive)


def goes(drive: Path, _: int) -> None:
    """What a probe does that ends here: the drive is gone at once."""
    gone = drive.with_name("gone")
    shutil.rmtree(gone, ignore_errors=True)
    drive.rename(gone)


def fails_first(drive: Path, number: int) -> None:
    (eats if number else fails)(drive, number)


def flashed(
    drive: Path, act: Probe, *, tries: int = 1, seconds: float = 20.0, said: list[str] | None = None
) -> Flashed:
    payload = Payload((PayloadPart(STM32_START, "build/firmware.bin", IMAGE),))
    with probe(drive, act) as report:
        job = Job(BOARD, payload, argument=LABEL, port="", report=report, programs=Programs(), drive_seconds=seconds)
        return flash(job, Choice("drive", LABEL, ""), tries, (said if said is not None else []).append)


def test_a_drive_that_takes_the_file_and_comes_back_has_flashed_it(drive: Path) -> None:
    done = flashed(drive, eats)
    assert (done.checked, done.started, done.tries, done.port) == (False, True, 1, "")


def test_the_text_of_fail_txt_is_the_error(drive: Path) -> None:
    with pytest.raises(FlashError, match=f"half-written.*: {FAILED};"):
        flashed(drive, fails)


def test_the_next_try_is_not_confused_by_the_fail_txt_of_the_last(drive: Path) -> None:
    said: list[str] = []
    assert flashed(drive, fails_first, tries=3, said=said).tries == 2
    assert said == [f"try 1 of 3 failed: {FAILED}"]


def test_a_drive_that_goes_and_stays_away_is_half_written(drive: Path) -> None:
    with pytest.raises(FlashError, match=r"half-written.*has not come back after 0 s"):
        flashed(drive, goes, seconds=0.2)


def test_a_drive_that_is_only_a_folder_is_noticed(drive: Path) -> None:
    with pytest.raises(FlashError, match="still shows the file"):
        flashed(drive, lambda _, __: None, seconds=0.2)


def test_a_drive_that_is_gone_before_is_named(drive: Path) -> None:
    shutil.rmtree(drive)
    with pytest.raises(
        FlashError, match=f"cannot reach netduinoplus2 .*no drive {LABEL} is mounted; plug the board in"
    ):
        flashed(drive, eats)


def test_a_drive_that_takes_no_files_says_why_by_its_fail_txt(drive: Path) -> None:
    (drive / "FAIL.TXT").write_text(FAILED)
    (drive / "firmware.bin").mkdir()
    with pytest.raises(FlashError, match=FAILED):
        flashed(drive, eats)
