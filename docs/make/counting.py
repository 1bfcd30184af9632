"""The counting plugin for QEMU, and where in a firmware image its counting starts and ends.

m4align counts executed instructions on every core and models Cortex-M4 cycles (Technical Reference Manual, zero
flash wait states) and what unaligned loads and stores take besides, m4art what waiting for flash takes. Their sources
are in the folder $DEPTHWISE_M4CYCLES, which is not part of this project.
"""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ToolError
from depthwise.host.project import Project

PLUGIN: Final = os.environ.get("DEPTHWISE_M4CYCLES")


def compile_plugin(folder: Path, name: str = "m4align") -> Path | None:
    """Compile a counting plugin, if their folder is named. Raises ToolError where its source is not there."""
    if PLUGIN is None:
        return None
    source = Path(PLUGIN) / f"{name}.c"
    if not source.exists():
        raise ToolError(f"there is no {source}", f"name the folder of {name}.c in $DEPTHWISE_M4CYCLES")
    library = folder / f"{name}.so"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return library


def counts_in(log: Path) -> list[tuple[int, int]]:
    """Instructions, and cycles with those of unaligned accesses, of each stretch that m4align counted."""
    found = re.findall(r"insns=(\d+) cycles=(\d+) unaligned=\d+ penalty=(\d+)", log.read_text())
    return [(int(instructions), int(cycles) + int(unaligned)) for instructions, cycles, unaligned in found]


def address(project: Project, name: str) -> int:
    """Address of a function in the image, by a pattern of its name; Thumb bit clear."""
    command = [f"{project.board.toolchain}nm", str(project.firmware)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(rf"^([0-9a-f]+) [Tt] {name}$", listed, flags=re.MULTILINE)
    assert found is not None, name
    return int(found[1], 16) & ~1
