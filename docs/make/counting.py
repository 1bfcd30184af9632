"""The counting plugin for QEMU, and where in a firmware image its counting starts and ends.

m4cycles counts executed instructions on every core and models Cortex-M4 cycles (Technical Reference Manual, zero
flash wait states), m4art what waiting for flash takes besides. Their sources are in the folder $DEPTHWISE_M4CYCLES,
which is not part of this project.
"""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

from depthwise.codegen.errors import ToolError
from depthwise.host.project import Project

PLUGIN: Final = os.environ.get("DEPTHWISE_M4CYCLES")


def compile_plugin(folder: Path, name: str = "m4cycles") -> Path | None:
    """Compile a counting plugin, if their folder is named. Raises ToolError where its source is not there."""
    if PLUGIN is None:
        return None
    source = Path(PLUGIN) / f"{name}.c"
    if not source.exists():
        raise ToolError(f"there is no {source}", f"name the folder of {name}.c in $DEPTHWISE_M4CYCLES")
    library = folder / f"{name}.so"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return library


def address(project: Project, name: str) -> int:
    """Address of a function in the image, by a pattern of its name; Thumb bit clear."""
    command = [f"{project.board.toolchain}nm", str(project.firmware)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(rf"^([0-9a-f]+) [Tt] {name}$", listed, flags=re.MULTILINE)
    assert found is not None, name
    return int(found[1], 16) & ~1
