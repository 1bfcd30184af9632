"""Runs a serial program with its patience cut to a fraction: `hasty.py FRACTION PROGRAM ARGUMENTS`.

What is left of its patience is for a chip that runs: the process that plays it is this one's parent.
"""

import os
import runpy
import sys
import time

import serial
from serial.urlhandler import protocol_socket

from depthwise.host.flash.on_url import main
from depthwise.host.link.patience import Patience

FRACTION = float(sys.argv.pop(1))
PATIENCE = serial.SerialBase.timeout
SLEEP = time.sleep
READ = protocol_socket.Serial.read


def read(port: serial.SerialBase, size: int = 1) -> bytes:
    """As many bytes, or those that came in time."""
    patience = Patience(port.timeout, os.getppid()) if port.timeout else None
    data = bytes(READ(port, size))
    while len(data) < size and patience is not None and patience.lasts():
        data += READ(port, size - len(data))
    return data


protocol_socket.Serial.read = read
serial.SerialBase.timeout = property(
    PATIENCE.fget, lambda port, seconds: PATIENCE.fset(port, None if seconds is None else seconds * FRACTION)
)
time.sleep = lambda seconds: SLEEP(float(seconds) * FRACTION)
if sys.argv[1] == "stm32loader":
    main()
else:  # it opens URLs by itself
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
