"""Runs stm32loader so that it stops before it erases another chip than it was meant for: `guarded ID MODULE ARGUMENTS`.

The program is left as it is; in its process every line that it writes of itself is read, and the first that shows the
wrong chip, or an erasure before the chip has been told, is its last one.
"""

import re
import runpy
import sys
from typing import Final, TextIO

CHIP: Final = re.compile(r"^Chip id: 0x([0-9A-Fa-f]+)")
ERASING: Final = re.compile(r"^\*\*\* Command: (?:Extended e|E)rase")
WRONG_CHIP: Final = 3


class ChipGuard:
    """The error stream of a program; SystemExit out of the line that must be its last one."""

    def __init__(self, stream: TextIO, wanted: int) -> None:
        self._stream = stream
        self._wanted = wanted
        self._line = ""
        self._told = False

    def write(self, text: str) -> int:
        """Write, and read each line that is whole."""
        count = self._stream.write(text)
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._check(line)
        return count

    def flush(self) -> None:
        """Hand on what was written."""
        self._stream.flush()

    def isatty(self) -> bool:
        """It is a program that reads it."""
        return False

    def _check(self, line: str) -> None:
        if found := CHIP.search(line):
            self._told = int(found[1], 16) == self._wanted
            if not self._told:
                sys.exit(WRONG_CHIP)
        elif ERASING.search(line) and not self._told:
            self._stream.write("Error: it is not known which chip this is\n")
            sys.exit(WRONG_CHIP)


def main() -> None:
    """Run the module named by the second argument with those behind it."""
    wanted, module = int(sys.argv[1], 0), sys.argv[2]
    sys.argv = sys.argv[2:]
    sys.stderr = ChipGuard(sys.stderr, wanted)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
