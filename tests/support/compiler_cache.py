"""Compilers of a run that remember what they made: ccache, where it is installed.

The application of a board is the same in every project for it, and most files of it are the same for every board of a
core: what is compiled again, of the same text by the same compiler with the same options, is there already. A run's
cache begins empty and goes with the run, so nothing that an older compiler made is in it.
"""

import os
import shutil
from pathlib import Path
from typing import Final

COMPILERS: Final = ("cc", "gcc", "clang", "arm-none-eabi-gcc", "riscv64-unknown-elf-gcc", "xtensa-lx106-elf-gcc")
# Projects have just been written when they are built: that their headers are new is no reason to read them twice.
CALLED: Final = """#!/bin/sh
export CCACHE_DIR='{folder}/cache' CCACHE_TEMPDIR='{folder}/cache/tmp' CCACHE_NOSTATS=1 CCACHE_DEPEND=1
export CCACHE_SLOPPINESS=include_file_mtime,include_file_ctime
exec '{ccache}' '{compiler}' "$@"
"""


def remember(folder: Path) -> None:
    """Put compilers that remember, in a folder, in front of those of this process and of what it starts."""
    if (ccache := shutil.which("ccache")) is None:
        return
    programs = folder / "bin"
    programs.mkdir()
    for name in COMPILERS:
        if (compiler := shutil.which(name)) is not None:
            program = programs / name
            program.write_text(CALLED.format(folder=folder, ccache=ccache, compiler=compiler))
            program.chmod(0o755)
    os.environ["PATH"] = os.pathsep.join([str(programs), *os.environ.get("PATH", "").split(os.pathsep)])
