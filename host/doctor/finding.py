"""A thing that was looked for on this machine, and the machine as it is looked at."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from depthwise.host.compilers import importable
from depthwise.host.flash.usb_ports import Listing, machine_ports


class FoundState(Enum):
    """How it was found. `optional`: it is not there, and only what `needed_for` names needs it."""

    WELL = "ok"
    OPTIONAL = "missing"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`group` and `name` of what was looked for; where it is or what is wrong; what needs it; what mends it."""

    group: str
    name: str
    state: FoundState
    detail: str
    needed_for: str
    mend: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "state": self.state.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class ThisMachine:
    """Where to look: programs on PATH, modules of this Python, ports, files; tests give another one.

    `allowed` tells whether a device can be opened for reading and writing.
    """

    which: Callable[[str], str | None] = shutil.which
    importable: Callable[[str], bool] = importable
    ports: Listing = machine_ports
    allowed: Callable[[Path], bool] = lambda path: os.access(path, os.R_OK | os.W_OK)
    platform: str = sys.platform
    usb: Path = field(default=Path("/sys/bus/usb/devices"))
    nodes: Path = field(default=Path("/dev/bus/usb"))
