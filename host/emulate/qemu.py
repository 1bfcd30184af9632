"""Virtual boards: real firmware on QEMU, or as a process, behind a serial URL."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ToolError
from depthwise.codegen.targets.boards import Board, Emulator
from depthwise.host.children import child, kill
from depthwise.host.link.patience import Patience

START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.02
# An instruction at a time, as QEMU called it before 8.1, and calls it since.
SINGLE_STEPS: Final = "-singlestep"
SINGLE_STEPS_SINCE: Final = (8, 1)
SINGLE_STEPS_NOW: Final = ("-accel", "tcg,one-insn-per-tb=on")
QEMU_PACKAGES: Final = {
    "qemu-system-arm": "qemu-system-arm",
    "qemu-system-riscv32": "qemu-system-misc",
    "qemu-system-xtensa": "qemu-system-misc",
}


@contextmanager
def virtual_board(
    firmware: Path, board: Board, *, extra: tuple[str, ...] = (), log: Path | None = None
) -> Iterator[str]:
    """Run a firmware image on a virtual board; yields the pyserial URL it answers at.

    The board ends with the `with` block, or with this process, whatever happens first. `extra` are further
    arguments for the emulator; what it writes to its standard error goes into the file `log`.
    """
    if not firmware.exists():
        raise ToolError(f"there is no firmware {firmware}", "run `depthwise build` first")
    if board.emulator is None and board.project != "host":
        raise ToolError(f"{board.name} has no virtual twin", "give --port with the real board's port")
    if board.emulator is not None and shutil.which(board.emulator.system) is None:
        system = board.emulator.system
        raise ToolError(f"{system} is not installed", f"apt install {QEMU_PACKAGES.get(system, system)}")
    port = 0 if board.emulator is None else _free_port()
    command = [*_command(firmware, board.emulator, port), *extra]
    with child(command, stdin=subprocess.PIPE, errors=subprocess.PIPE, stop=partial(_stop, log=log)) as process:
        if board.emulator is None:
            port = _announced_port(process)
        else:
            _wait_until_listening(process, port)
        yield f"socket://127.0.0.1:{port}"


def clock_of(board: Board) -> str:
    """What the ticks of a virtual board are counted by: no clock of a chip."""
    return "QEMU" if board.emulator is not None else "this computer"


def _command(firmware: Path, emulator: Emulator | None, port: int) -> list[str]:
    if emulator is None:
        return [str(firmware)]
    serial = f"tcp:127.0.0.1:{port},server=on,wait=off,nodelay=on"
    unused = ["-serial", "null"] * emulator.serial
    options = ["-M", emulator.machine, "-display", "none", "-monitor", "none", *unused, "-serial", serial]
    return [emulator.system, *options, *_arguments(emulator), "-kernel", str(firmware)]


def _arguments(emulator: Emulator) -> tuple[str, ...]:
    """What a board asks of the emulator, in the words of the version that is installed."""
    if SINGLE_STEPS not in emulator.arguments or _version(emulator.system) < SINGLE_STEPS_SINCE:
        return emulator.arguments
    return (*(a for a in emulator.arguments if a != SINGLE_STEPS), *SINGLE_STEPS_NOW)


@cache
def _version(system: str) -> tuple[int, ...]:
    """Version of an emulator; none where it is not installed or tells nothing."""
    try:
        told = subprocess.run([system, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ()
    found = re.search(r"version (\d+)\.(\d+)", told)
    return tuple(map(int, found.groups())) if found else ()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _announced_port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    words = process.stdout.readline().split()
    if words[:1] != ["port"]:
        raise ToolError(f"the board process did not start: {_last_words(process)}")
    return int(words[1])


def _wait_until_listening(process: subprocess.Popen[str], port: int) -> None:
    """QEMU listens before the firmware runs: a connection that is taken back at once does no harm."""
    patience = Patience(START_SECONDS)
    while patience.lasts():
        if process.poll() is not None:
            raise ToolError(f"the emulator ended at once: {_last_words(process)}")
        with socket.socket() as probe:
            probe.settimeout(POLL_SECONDS)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(POLL_SECONDS)
    raise ToolError(f"the virtual board did not listen on port {port} within {START_SECONDS:.0f} s")


def _stop(process: subprocess.Popen[str], log: Path | None) -> None:
    """End the board, politely first so that an emulator's plugins can write what they counted."""
    process.terminate()
    errors, patience = None, Patience(STOP_SECONDS)
    while errors is None and patience.lasts():
        with suppress(subprocess.TimeoutExpired):
            errors = process.communicate(timeout=POLL_SECONDS)[1]
    if errors is None:
        kill(process)
        errors = process.communicate()[1]
    if log is not None:
        log.write_text(errors)


def _last_words(process: subprocess.Popen[str]) -> str:
    kill(process)
    _, errors = process.communicate()
    return errors.strip()[-500:] or f"exit code {process.returncode}"
