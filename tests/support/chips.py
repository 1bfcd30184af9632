"""Emulated chips, served by the command line in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def chip_of(board_name: str) -> Iterator[dict[str, Any]]:
    """`depthwise chip` as a process of its own; yields what it prints, and ends it as Ctrl-C does."""
    command = [sys.executable, "-m", "depthwise.host.cli", "chip", board_name, "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        text = ""
        for line in lines:
            text += line
            if line.startswith("}"):
                break
        try:
            yield json.loads(text)
        finally:
            process.terminate()
            assert process.wait(120) == 0
