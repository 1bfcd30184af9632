"""How a command ends: one exit code for each kind of end, and what is said of it.

0 all is well, 1 the board differs from the model, 2 an error, 70 a bug of this tool (EX_SOFTWARE of sysexits.h), 130
interrupted by Ctrl-C, 128 and its number for another signal.
"""

import os
import platform
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
from rich.markup import escape

from depthwise.codegen.errors import DepthwiseError, FlashInterruptedError
from depthwise.codegen.version import VERSION

from .screen import err, print_json
from .signals import clean_end

WELL: Final = 0
DIFFERENT: Final = 1
ERROR: Final = 2
BUG: Final = 70
INTERRUPTED: Final = 130
NO_READER: Final = 141  # as a shell shows a program that SIGPIPE has ended
HALVES: Final = tuple(Path(__file__).resolve().parents[2] / half for half in ("codegen", "host"))
REPORT: Final = "report the line above, with the command and, if you may, with the model: it is a bug of depthwise"


@dataclass(frozen=True, slots=True)
class Ending:
    """An end that is not well: its exit code, the kind of error by name, what happened and the next step."""

    code: int
    kind: str
    message: str
    hint: str = ""

    @property
    def word(self) -> str:
        """The word that a line about it begins with."""
        return {BUG: "bug", INTERRUPTED: "interrupted"}.get(self.code, "error")

    def as_json(self) -> dict[str, Any]:
        """Plain data: what `--json` prints instead of a result."""
        return {"error": self.message, "hint": self.hint, "kind": self.kind, "exit_code": self.code}


def run_to_end(work: Callable[[], object], *, as_json: bool) -> int:
    """Do a command's work and return its exit code; an end that is not well is told, as JSON too if that is wanted.

    `work` returns an exit code or nothing, and may raise whatever comes up. Whatever is not of the tree of errors, not
    the user's and not the system's is a bug.
    """
    try:
        with clean_end():
            code = work()
    except SystemExit as end:
        if end.code == 1:  # what click makes of a pipe that nobody reads
            return NO_READER
        raise
    except click.UsageError as error:
        error.show()
        return _ended(_usage(error), as_json=as_json, said=True)
    except (Exception, KeyboardInterrupt) as error:
        return _ended(_ending(error), as_json=as_json)
    return code if isinstance(code, int) else WELL


def _ending(error: BaseException) -> Ending:
    kind = type(error).__name__
    match error:
        case FlashInterruptedError():
            return Ending(INTERRUPTED, kind, error.message, error.hint)
        case DepthwiseError():
            return Ending(ERROR, kind, error.message, error.hint)
        case click.Abort(__cause__=EOFError() as cause):  # what click makes of any
            return Ending(BUG, type(cause).__name__, _line(cause), REPORT)
        case KeyboardInterrupt() | click.Abort():
            return Ending(INTERRUPTED, "KeyboardInterrupt", "by Ctrl-C")
        case click.ClickException():
            return Ending(ERROR, kind, error.format_message())
        case OSError(errno=int()):
            return Ending(ERROR, kind, _system(error), "check the path, its permissions and the disk")
        case MemoryError():
            return Ending(ERROR, kind, "this machine has not enough memory for it", "close other programs")
        case _:
            return Ending(BUG, kind, _line(error), REPORT)


def _system(error: OSError) -> str:
    where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
    return f"{where}{error.strerror}"


def _usage(error: click.UsageError) -> Ending:
    hint = f"{error.ctx.command_path} --help" if error.ctx is not None else ""
    return Ending(ERROR, "UsageError", error.format_message(), hint)


def _line(error: BaseException) -> str:
    """All that a report of a bug needs in one line: what, where, by which version on which system."""
    frames = [(Path(f.filename).resolve(), f.lineno) for f in traceback.extract_tb(error.__traceback__)]
    own = [(p, line) for p, line in frames if any(p.is_relative_to(half) for half in HALVES)]
    path, line = (own or frames)[-1]
    where = f"{path.relative_to(HALVES[0].parent) if own else path.name}:{line}"
    said = " ".join(str(error).split())
    system = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return f"{type(error).__name__} in {where} of depthwise {VERSION} ({system}): {said}"


def _ended(ending: Ending, *, as_json: bool, said: bool = False) -> int:
    """Tell an end, to people on the error console, and to a program that wants JSON on the other."""
    console = err()
    if ending.code == BUG:
        console.print(escape(traceback.format_exc()), style="dim", soft_wrap=True)
    if not said:
        colour = "yellow" if ending.code == INTERRUPTED else "red"
        console.print(f"[{colour}]{ending.word}:[/{colour}] {escape(ending.message)}", soft_wrap=True)
        if ending.hint:
            console.print(f"[yellow]next:[/yellow]  {escape(ending.hint)}", soft_wrap=True)
    if as_json:
        print_json(ending.as_json())
    return ending.code
