"""An RP2040 of rp2040js behind a serial URL, where node and rp2040js are: `make rp2040js` brings it."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from depthwise.host.children import child
from tests.support.places import ROOT

RP2040JS: Final = ROOT / "build" / "node" / "node_modules" / "rp2040js"
PROGRAM: Final = ROOT / "tests" / "support" / "pico.cjs"


def runs_here() -> bool:
    """Tell whether it can be run on this machine."""
    return shutil.which("node") is not None and RP2040JS.exists()


@contextmanager
def rp2040(image: Path) -> Iterator[str]:
    """Run a UF2 image; yields the URL of its UART."""
    with child(["node", str(PROGRAM), str(RP2040JS), str(image)], stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield f"socket://127.0.0.1:{process.stdout.readline().split()[1]}"
