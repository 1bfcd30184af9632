"""Runs a serial program with its patience cut to a fraction: `hasty.py FRACTION PROGRAM ARGUMENTS`."""

import sys
import time

import serial

from depthwise.host.flash.on_url import main

FRACTION = float(sys.argv.pop(1))
PATIENCE = serial.SerialBase.timeout
SLEEP = time.sleep

serial.SerialBase.timeout = property(
    PATIENCE.fget, lambda port, seconds: PATIENCE.fset(port, None if seconds is None else seconds * FRACTION)
)
time.sleep = lambda seconds: SLEEP(float(seconds) * FRACTION)
main()
