"""Scripts run by a real MicroPython: the unix port, from PyPI."""

import subprocess
import sys
from pathlib import Path

MICROPYTHON = Path(sys.executable).parent / "micropython"


def run(script: str, folder: Path) -> list[str]:
    """Lines that a script prints; it finds the folder's modules."""
    done = subprocess.run([MICROPYTHON, "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


STEP = """
gc.collect()
try:
    print({step})
except Exception as error:
    print(type(error).__name__ + ": " + str(error))
"""
