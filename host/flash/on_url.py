"""Runs a Python program that opens serial devices so that it also opens pyserial URLs: `on_url PROGRAM ARGUMENTS`.

The program is left as it is; in its process `serial.Serial` understands `socket://` and `rfc2217://` besides paths.
A pseudo-terminal between the two would be no way: it has no DTR and RTS, and setting them fails there.
"""

import runpy
import sys
from typing import Any, Final

import serial

DEVICE: Final = serial.Serial


def _opened(port: str, **options: Any) -> serial.SerialBase:
    return serial.serial_for_url(port, **options) if "://" in port else DEVICE(port, **options)


def main() -> None:
    """Run the program named by the first argument with the others."""
    serial.Serial = _opened
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
