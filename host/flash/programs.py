"""Other people's flashing programs: found, run as separate processes, listened to line by line."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from depthwise.codegen.errors import ToolError
from depthwise.host.children import child

PYTHON_PROGRAMS: Final = ("esptool", "stm32loader", "pyocd")
ON_URL: Final = (sys.executable, "-m", "depthwise.host.flash.on_url")
INSTALL: Final = {
    "esptool": "pip install 'depthwise[flash]'",
    "stm32loader": "pip install 'depthwise[flash]'",
    "pyocd": "pip install pyocd",
    "openocd": "apt install openocd",
    "st-flash": "apt install stlink-tools",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended, and every line it wrote."""

    code: int
    lines: tuple[str, ...]

    @property
    def last_words(self) -> str:
        """Its last line that is not empty."""
        return next((line.strip() for line in reversed(self.lines) if line.strip()), f"exit code {self.code}")


@dataclass(frozen=True, slots=True)
class Programs:
    """How programs are run: `commands` instead of what would be found, additions to the environment, an echo."""

    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    echo: Callable[[str], None] = lambda _: None

    def find(self, name: str) -> tuple[str, ...] | None:
        """Command of a program: on the PATH, or a module of this Python; None if it is not there."""
        if name in self.commands:
            return self.commands[name]
        path = shutil.which(name)
        if path is not None:
            return (path,)
        if name in PYTHON_PROGRAMS and importlib.util.find_spec(name) is not None:
            return (sys.executable, "-m", name)
        return None

    def command(self, name: str) -> tuple[str, ...]:
        """Command of a program. Raises ToolError that says how to install it."""
        found = self.find(name)
        if found is None:
            raise ToolError(f"{name} is not installed", INSTALL[name])
        return found

    def find_module(self, name: str) -> tuple[str, ...] | None:
        """Command of a program that is a module of this Python; None if it is not there."""
        if name in self.commands:
            return self.commands[name]
        return (sys.executable, "-m", name) if importlib.util.find_spec(name) is not None else None

    def find_for_url(self, name: str) -> tuple[str, ...] | None:
        """Command of a Python program that knows devices only, for a port that is a URL; None if it is not there."""
        if name in self.commands:
            return self.commands[name]
        return (*ON_URL, name) if importlib.util.find_spec(name) is not None else None

    def run(self, command: tuple[str, ...], heard: Callable[[str], None]) -> Ran:
        """Run a command to its end; `heard` gets each line as it comes. Raises ToolError if it cannot be started."""
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "COLUMNS": "100", **self.environment}
        lines: list[str] = []
        with ExitStack() as ends:
            try:
                process = ends.enter_context(child(command, environment=environment))
            except OSError as error:
                raise ToolError(f"cannot run {command[0]}: {error.strerror or error}") from None
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line.rstrip("\n"))
                self.echo(lines[-1])
                heard(lines[-1])
            return Ran(process.wait(), tuple(lines))


def not_installed(name: str) -> str:
    """What to say of a program that is not there."""
    return f"{name} is not installed ({INSTALL[name]})"


def needs(name: str) -> Callable[[str, Programs], str]:
    """For a method that needs one program: say that it is not there, or nothing."""
    return lambda _, programs: "" if programs.find(name) else not_installed(name)
