"""Programs that we start end with us, and so does what they have started: by a signal, by Ctrl-C, by an error."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from depthwise.codegen.project.export import ExportOptions, export
from depthwise.codegen.targets.boards import board
from depthwise.host.children import child, end, run
from depthwise.host.children.held import held
from depthwise.host.console.signals import clean_end
from depthwise.host.demo import MODEL
from depthwise.host.link.patience import Patience

CALL: Final = (sys.executable, "-c", "from depthwise.host.cli import main; main()")
SECONDS: Final = 120.0  # a command begins slowly on a loaded machine
# Writes its own number and that of a child of its own; neither ends by itself, or by a polite request.
STUBBORN: Final = """#!/bin/sh
trap '' TERM
sleep 1000 &
echo $$ $! > {pids}.part
mv {pids}.part {pids}
while :; do sleep 1000; done
"""


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def lives(number: int) -> bool:
    """Tell whether a process is there and not only waits to be taken note of."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def appeared(path: Path) -> list[int]:
    patience = Patience(SECONDS)
    while patience.lasts() and not path.exists():
        time.sleep(0.01)
    return [int(word) for word in path.read_text().split()]


def gone(numbers: list[int]) -> bool:
    patience = Patience(SECONDS)
    while patience.lasts() and any(map(lives, numbers)):
        time.sleep(0.01)
    return not any(map(lives, numbers))


@pytest.fixture
def stubborn(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A program that does not want to end, and the file with the numbers of its processes."""
    pids = tmp_path / "pids"
    yield script(tmp_path / "bin" / "make", STUBBORN.format(pids=pids)), pids
    for number in map(int, pids.read_text().split() if pids.exists() else ()):
        if lives(number):
            os.kill(number, signal.SIGKILL)


def test_an_error_ends_a_program_with_all_it_has_started(stubborn: tuple[Path, Path]) -> None:
    program, pids = stubborn
    with suppress(ZeroDivisionError), child([str(program)]):
        numbers = appeared(pids)
        assert len(numbers) == 2
        assert all(map(lives, numbers))
        raise ZeroDivisionError
    assert gone(numbers)


def test_a_program_that_takes_too_long_is_ended(stubborn: tuple[Path, Path]) -> None:
    program, pids = stubborn
    with pytest.raises(subprocess.TimeoutExpired):
        run([str(program)], seconds=1)
    assert gone(appeared(pids))


def test_a_polite_request_comes_first(tmp_path: Path) -> None:
    said = tmp_path / "said"
    polite = script(
        tmp_path / "polite", f"#!/bin/sh\ntrap 'echo bye > {said}; exit 3' TERM\necho up\nsleep 1000 & wait\n"
    )
    with child([str(polite)]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
    assert process.returncode == 3
    assert said.read_text() == "bye\n"


def test_output_and_errors_are_kept_apart() -> None:
    done = run(["sh", "-c", "echo out; echo err >&2; exit 5"])
    assert (done.stdout, done.stderr, done.returncode) == ("out\n", "err\n", 5)


class Early(subprocess.Popen[str]):
    """A program that is there before the caller of Popen knows of it, when the signal comes."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        signal.raise_signal(signal.SIGTERM)


def test_a_signal_behind_the_fork_ends_the_program(
    stubborn: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loaded machine runs the program before its parent goes on."""
    program, pids = stubborn
    monkeypatch.setattr(subprocess, "Popen", Early)
    with pytest.raises(SystemExit) as ended, clean_end(), child([str(program)]):
        pytest.fail("the signal was lost")
    assert ended.value.code == 143
    assert not pids.exists() or gone(appeared(pids))


def test_a_second_signal_waits_until_all_have_ended(stubborn: tuple[Path, Path]) -> None:
    program, pids = stubborn
    with suppress(SystemExit), clean_end(), child([str(program)], stop=twice_told):
        numbers = appeared(pids)
        signal.raise_signal(signal.SIGTERM)
    assert gone(numbers)


def twice_told(process: subprocess.Popen[str]) -> None:
    signal.raise_signal(signal.SIGHUP)
    end(process)


def test_the_first_of_signals_held_is_told_behind_the_block() -> None:
    came: list[int] = []
    with suppress(KeyboardInterrupt), clean_end(), held():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        came.append(0)
    assert came == [0]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_a_build_with_make_and_the_compiler(
    number: signal.Signals, code: int, stubborn: tuple[Path, Path], tmp_path: Path
) -> None:
    program, pids = stubborn
    export(MODEL, tmp_path / "p", ExportOptions(board=board("host")))
    path = f"{program.parent}:{os.environ['PATH']}"
    command = [*CALL, "build", str(tmp_path / "p"), "--json"]
    with subprocess.Popen(
        command, env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        numbers = appeared(pids)
        process.send_signal(number)
        output, errors = process.communicate()
    assert process.returncode == code, errors
    assert gone(numbers)
    assert "Traceback" not in errors
    if number is signal.SIGINT:
        assert json.loads(output)["exit_code"] == 130


def test_a_virtual_board_ends_with_the_command_that_runs_it(tmp_path: Path) -> None:
    """Here the board is a process of this machine; QEMU is started and ended by the same lines."""
    export(MODEL, tmp_path / "p", ExportOptions(board=board("host")))
    image = tmp_path / "p" / "build" / "firmware.elf"
    pids = tmp_path / "pids"
    script(image, f"#!/bin/sh\necho $$ > {pids}.part\nmv {pids}.part {pids}\nsleep 1000\n")
    with subprocess.Popen([*CALL, "verify", str(tmp_path / "p"), "--virtual"], stderr=subprocess.PIPE) as process:
        numbers = appeared(pids)
        process.send_signal(signal.SIGTERM)
        process.communicate()
    assert process.returncode == 143
    assert gone(numbers)
