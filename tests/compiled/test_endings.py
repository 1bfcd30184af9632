"""Every way a command can end: its exit code, what people read of it, and what programs do."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
import pytest
from click.testing import CliRunner, Result

from depthwise.codegen.errors import FlashInterruptedError, LinkError
from depthwise.host.cli import main
from depthwise.host.commands import boards as boards_command

CALL: Final = (sys.executable, "-c", "from depthwise.host.cli import main; main()")


def ends_with(monkeypatch: pytest.MonkeyPatch, raised: BaseException, *options: str) -> Result:
    """`depthwise boards`, which comes upon something on its way."""

    def fail() -> None:
        raise raised

    monkeypatch.setattr(boards_command, "boards", fail)
    return CliRunner().invoke(main, ["boards", *options], catch_exceptions=False)


def os_error(number: int, path: str | None = None) -> OSError:
    return OSError(number, os.strerror(number), path)


@pytest.mark.parametrize(
    ("raised", "code", "line"),
    [
        (LinkError("no answer", "press reset"), 2, "error: no answer\nnext:  press reset\n"),
        (FlashInterruptedError("half-written", "again"), 130, "interrupted: half-written\nnext:  again\n"),
        (KeyboardInterrupt(), 130, "interrupted: by Ctrl-C\n"),
        (click.BadParameter("no size"), 2, "Error: Invalid value: no size\n"),
        (click.FileError("a.txt", "gone"), 2, "error: Could not open file 'a.txt': gone\n"),
        (os_error(28), 2, "error: No space left on device\n"),
        (os_error(30, "/a/b"), 2, "error: /a/b: Read-only file system\n"),
        (MemoryError(), 2, "error: this machine has not enough memory for it\n"),
        (ValueError("[red]odd[/x]"), 70, "): [red]odd[/x]\n"),
        (EOFError("short"), 70, "): short\n"),
        (AssertionError(), 70, "bug: AssertionError in host/commands/boards.py:"),
    ],
    ids=lambda v: type(v).__name__ if isinstance(v, BaseException) else None,
)
def test_each_kind_of_end_has_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int, line: str
) -> None:
    done = ends_with(monkeypatch, raised)
    assert done.exit_code == code
    assert line in done.stderr
    assert done.stdout == ""


def test_a_bug_is_told_in_a_line_that_can_be_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    done = ends_with(monkeypatch, ZeroDivisionError("by\nzero"))
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("bug: ")]
    assert line.startswith("bug: ZeroDivisionError in host/commands/boards.py:")
    assert "depthwise 0." in line
    assert line.endswith(": by zero")
    assert "Traceback (most recent call last)" in done.stderr
    assert "report the line above" in done.stderr


@pytest.mark.parametrize(
    ("raised", "kind", "code"),
    [
        (LinkError("no answer", "press reset"), "LinkError", 2),
        (KeyboardInterrupt(), "KeyboardInterrupt", 130),
        (ValueError("odd"), "ValueError", 70),
        (click.BadParameter("no size"), "UsageError", 2),
    ],
    ids=lambda v: type(v).__name__ if isinstance(v, BaseException) else None,
)
def test_a_program_that_asked_for_json_gets_the_error_as_json(
    monkeypatch: pytest.MonkeyPatch, raised: BaseException, kind: str, code: int
) -> None:
    done = ends_with(monkeypatch, raised, "--json")
    told = json.loads(done.stdout)
    assert told.keys() == {"error", "hint", "kind", "exit_code"}
    assert (told["kind"], told["exit_code"], done.exit_code) == (kind, code, code)


@pytest.mark.parametrize("arguments", [("nothing",), ("export",), ("plan", "m.tflite", "--ram", "much"), ("zoo", "x")])
def test_a_command_that_is_not_understood_is_an_error_in_json_too(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, [*arguments, "--json"])
    assert done.exit_code == 2
    assert json.loads(done.stdout)["kind"] == "UsageError"
    assert done.stderr.startswith("Usage: ")


def test_a_command_that_does_what_it_was_told_ends_well() -> None:
    assert CliRunner().invoke(main, ["boards", "--json"]).exit_code == 0
    assert CliRunner().invoke(main, ["--version"]).exit_code == 0


def test_nobody_who_reads_is_no_verdict() -> None:
    with subprocess.Popen([*CALL, "boards"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_an_error() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*CALL, "boards"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: No space left on device\n")


def test_what_is_called_by_a_program_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise LinkError("no answer")

    monkeypatch.setattr(boards_command, "boards", fail)
    work: Callable[..., object] = main.main
    with pytest.raises(LinkError):
        work(["boards"], standalone_mode=False)
